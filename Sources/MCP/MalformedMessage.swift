package import HTTP

/// A body that is not one message, with what is needed to answer it.
package struct MalformedMessage: Error, Sendable, Equatable {
    /// How it deviated.
    package let violation: MessageViolation
    /// The id as it was written, if it was plain; nil is answered as `null` (JSON-RPC 2.0 §5).
    package let id: [UInt8]?
    /// Whether `_meta` named a protocol version before reading ended.
    package let namesRevision: Bool

    /// The era to answer in.
    package func era(_ fields: Fields) -> ProtocolEra {
        namesRevision ? .modern : ProtocolEra(presumedFrom: fields)
    }
}
