package import HTTP

/// The two families of protocol revisions: those with a handshake, and those without.
///
/// A client that speaks both takes an error code of the modern family as proof that the server is
/// modern too, so such a code must never answer a request of the legacy family
/// (MCP 2026-07-28 basic/versioning).
package enum ProtocolEra: Sendable, Hashable, CaseIterable {
    /// Up to 2025-11-25: `initialize`, sessions, a GET stream.
    case legacy
    /// From 2026-07-28: each request carries its revision in `_meta` and in a field.
    case modern

    /// The era to answer in when only the fields of a request could be read.
    package init(presumedFrom fields: Fields) {
        let version = fields.bytes(of: .mcpProtocolVersion)
        let revision = version.flatMap { ProtocolRevision(utf8: $0) }
        self = revision?.era ?? .legacy
    }
}
