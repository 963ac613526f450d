package import MCP

/// Seals sessions on their way out and opens them on their way back.
///
/// Sealing is deterministic, since clients compare session ids; a seal opens only in the context in
/// which it was made.
package protocol SessionSealing: Sendable {
    /// The sealed text of visible ASCII for a session in this context; nil for an id that is too
    /// long.
    func seal(_ session: UpstreamSession, context: [UInt8]) -> [UInt8]?
    /// The session that was sealed in this context; nil for anything else.
    func open(_ sealed: ArraySlice<UInt8>, context: [UInt8]) -> UpstreamSession?
}

/// A session of an upstream.
package struct UpstreamSession: Sendable, Equatable {
    /// The upstream's own id.
    package let id: [UInt8]
    /// The revision that `initialize` settled on; nil where the answer did not say.
    package let revision: ProtocolRevision?

    /// A session.
    package init(id: [UInt8], revision: ProtocolRevision?) {
        self.id = id
        self.revision = revision
    }
}
