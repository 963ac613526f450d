import MCP
package import Seals

/// Sessions sealed with the gateway's own keys.
package struct SealedSessions: SessionSealing {
    private let seal: Seal

    /// Seals for sessions with the keys of the ring.
    package init(ring: KeyRing) {
        seal = Seal(.sessionID, ring: ring)
    }

    /// The sealed text of visible ASCII for a session in this context; nil for an id that is too
    /// long.
    package func seal(_ session: UpstreamSession, context: [UInt8]) -> [UInt8]? {
        let revision = Array((session.revision?.rawValue ?? "").utf8)
        let content = LengthPrefixed.encode([revision, session.id])
        guard content.count <= Seal.bytesLimit else { return nil }
        return Array(seal.seal(content, context: context).utf8)
    }

    /// The session that was sealed in this context; nil for anything else.
    package func open(_ sealed: ArraySlice<UInt8>, context: [UInt8]) -> UpstreamSession? {
        guard let content = seal.open(sealed, context: context),
            let parts = LengthPrefixed.decode(content), parts.count == 2
        else { return nil }
        return UpstreamSession(id: parts[1], revision: ProtocolRevision(utf8: parts[0][...]))
    }
}
