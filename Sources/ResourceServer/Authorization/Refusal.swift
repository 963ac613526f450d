package import MCP

/// An answer that the gateway gives instead of the upstream.
package struct Refusal: Sendable, Equatable {
    /// One field of the answer.
    package struct Field: Sendable, Equatable {
        /// The name.
        package let name: String
        /// The value.
        package let value: String

        /// A field.
        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The status.
    package var status: Int
    /// Fields beside those of framing and content type.
    package var fields: [Field]
    /// The content type; nil where there is no content.
    package var contentType: String?
    /// The content.
    package var body: [UInt8]
    /// Why, for the log: never a token, never sent.
    package var reason: String
    /// What was decided; nil for an answer that is no decision.
    package var ruling: Ruling?
    /// The endpoint on whose stream the client waits for a response; nil where it reads this answer.
    package var endpoint: OpenedEndpoint?
    /// The method of the refused message, for the log; nil where none could be read.
    package var method: MCPMethod?
    /// What the refused message acts on, for the log.
    package var target = MessageTarget.none

    /// An answer with any content.
    package init(
        status: Int, fields: [Field] = [], contentType: String? = nil, body: [UInt8] = [],
        reason: String, ruling: Ruling? = nil
    ) {
        self.status = status
        self.fields = fields
        self.contentType = contentType
        self.body = body
        self.reason = reason
        self.ruling = ruling
    }

    /// A short plain answer to what is no JSON-RPC request.
    package static func plain(
        status: Int, _ sentence: String, fields: [Field] = [], ruling: Ruling? = nil
    ) -> Refusal {
        Refusal(
            status: status, fields: fields, contentType: "text/plain; charset=utf-8",
            body: Array("\(sentence)\n".utf8), reason: sentence, ruling: ruling)
    }

    /// A JSON-RPC error; its status is the answer's.
    ///
    /// - Parameters:
    ///   - error: the error.
    ///   - id: the request's id as it was written; nil where there is none.
    ///   - fields: more fields.
    ///   - reason: why, for the log.
    ///   - ruling: what was decided.
    /// - Returns: the answer.
    package static func jsonRPC(
        _ error: JSONRPCError, id: ArraySlice<UInt8>?, fields: [Field] = [], reason: String,
        ruling: Ruling? = nil
    ) -> Refusal {
        Refusal(
            status: error.status, fields: fields, contentType: "application/json",
            body: error.body(id: id), reason: reason, ruling: ruling)
    }
}
