/// The head of a request that was accepted, RFC 9112 §3: request line, fields, and what follows
/// from them.
///
/// The bytes of the request line lie in the storage of `fields`; text is made of them when asked
/// for.
package struct RequestHead: Sendable {
    /// The request method.
    package var method: Method
    /// The protocol version of the request line.
    package var version: HTTPVersion
    /// The field lines in the order in which they came.
    package var fields: Fields
    /// How the content is delimited.
    package var framing: BodyFraming
    /// Whether the sender keeps the connection open for another request, RFC 9112 §9.3.
    package var persistent: Bool
    /// Whether the sender waits for `100 Continue` before it sends the content, RFC 9110 §10.1.1.
    package var expectsContinue: Bool

    let targetRange: Range<Int>
    /// The offset of the `?` that ends the path, or the end of the target.
    let pathEnd: Int

    /// The request target as it came: origin-form, or `*` with OPTIONS.
    package var target: String { String(ascii: targetBytes) }

    /// The bytes of the request target.
    package var targetBytes: ArraySlice<UInt8> { fields.storage[targetRange] }

    /// The path as it came, nothing decoded.
    package var path: String { String(ascii: pathBytes) }

    /// The bytes of the path; compare these with configured paths byte for byte.
    package var pathBytes: ArraySlice<UInt8> { fields.storage[targetRange.lowerBound..<pathEnd] }

    /// Whether there is a query, an empty one too.
    package var hasQuery: Bool { pathEnd < targetRange.upperBound }

    /// What follows the first `?`, nothing decoded; nil without a `?`.
    package var query: String? {
        hasQuery
            ? String(ascii: fields.storage[(pathEnd + 1)..<targetRange.upperBound]) : nil
    }

    /// The value of the Host field as it came; empty when an HTTP/1.0 request has none.
    package var host: String { fields[.host] ?? "" }

    /// The target with its path and query told apart.
    package var requestTarget: RequestTarget { RequestTarget(target) }
}
