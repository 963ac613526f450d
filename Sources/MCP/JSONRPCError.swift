import JSON

/// An error of JSON-RPC and the HTTP status it travels with (JSON-RPC 2.0 §5.1).
package struct JSONRPCError: Sendable, Equatable {
    /// `error.code`.
    package let code: Int
    /// `error.message`, one plain sentence that is safe to send.
    package let message: String
    /// `error.data`, bytes of one JSON value; nil leaves it out.
    package let data: [UInt8]?
    /// The HTTP status, where no stream has begun yet.
    package let status: Int

    /// An error of that code and message.
    package init(code: Int, message: String, data: [UInt8]? = nil, status: Int) {
        self.code = code
        self.message = message
        self.data = data
        self.status = status
    }

    /// The response that carries the error, for the request of the id as it was written; nil
    /// writes `null`.
    package func body(id: ArraySlice<UInt8>?) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("jsonrpc")
        writer.string("2.0")
        writer.name("id")
        if let id { writer.raw(id) } else { writer.null() }
        writer.name("error")
        writer.beginObject()
        writer.name("code")
        writer.integer(code)
        writer.name("message")
        writer.string(message)
        if let data {
            writer.name("data")
            writer.raw(data)
        }
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    /// The response as one event, for a stream that ends with it.
    package func event(id: ArraySlice<UInt8>?) -> [UInt8] {
        EventStreamEvent.encode(data: body(id: id), event: "message")
    }
}

/// Codes of JSON-RPC 2.0 §5.1 and of MCP.
extension JSONRPCError {
    static let parseError = -32700
    static let invalidRequest = -32600
    static let methodNotFound = -32601
    static let invalidParams = -32602
    /// Up to 2025-11-25 only: a resource that is not there.
    static let resourceNotFound = -32002
    /// From 2026-07-28 only: fields disagree with the body.
    static let headerMismatch = -32020
    /// From 2026-07-28 only: the revision is not supported.
    static let unsupportedProtocolVersion = -32022
}
