/// The head of a final response that was accepted, RFC 9112 §4.
package struct ResponseHead: Sendable {
    /// The status code, 200 to 599.
    package var status: Int
    /// The protocol version of the status line.
    package var version: HTTPVersion
    /// The field lines in the order in which they came.
    package var fields: Fields
    /// How the content is delimited.
    package var framing: ResponseFraming
    /// Whether the connection can carry another request after this response, RFC 9112 §9.3.
    package var persistent: Bool

    let reasonRange: Range<Int>

    /// The reason phrase as it came; clients ignore it, RFC 9112 §4.
    package var reason: String { String(decoding: fields.storage[reasonRange], as: UTF8.self) }
}
