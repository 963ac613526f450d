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

    /// The response that carries the error.
    ///
    /// - Parameter id: bytes of the request's id as it was written; nil writes `null`.
    package func body(id: (some Collection<UInt8>)?) -> [UInt8] { [] }

    /// The response as one event of a stream.
    package func event(id: (some Collection<UInt8>)?) -> [UInt8] { [] }
}
