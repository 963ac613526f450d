package import JSON

/// Exactly one JSON-RPC 2.0 message, in which nothing that the gateway reads can be read otherwise.
package struct Message: Sendable {
    /// The bytes that were judged, which are those to forward.
    package let document: JSONDocument
    /// Request, notification or response.
    package let kind: Kind
    /// The method; nil for a response.
    package let method: MCPMethod?
    /// The name of the method, unescaped; empty for a response.
    package let methodName: ArraySlice<UInt8>
    /// What the method is asked to act on.
    package let target: MessageTarget
    /// `params`, an object; nil if absent.
    package let params: JSONValue?
    /// `params.arguments`, an object; nil if absent or `null`.
    package let arguments: JSONValue?
    /// `params._meta`.
    package let metadata: MessageMetadata

    /// The three kinds of message (JSON-RPC 2.0 §4, §4.1, §5).
    package enum Kind: Sendable, Hashable {
        /// Asks for a response with the same id.
        case request(MessageID)
        /// Asks for nothing.
        case notification
        /// Answers the request of that id; `id` is `null` only in an error of a server.
        case response(MessageID)
    }

    /// Reads the one message that `body` must be.
    ///
    /// - Throws: the first deviation, and the id to answer it with if that was plain.
    package init(
        parsing body: [UInt8], from sender: MessageSender = .client,
        limits: JSONLimits = JSONLimits()
    ) throws(MalformedMessage) {
        throw MalformedMessage(violation: .array, id: nil, namesRevision: false)
    }

    /// The id of a request or response; nil for a notification.
    package var id: MessageID? { nil }
    /// The id as it was written; nil for a notification.
    package var idBytes: ArraySlice<UInt8>? { nil }
    /// `result` of a response; nil for an error and for other kinds.
    package var result: JSONValue? { nil }
    /// `error` of a response; nil for a result and for other kinds.
    package var error: JSONValue? { nil }
}
