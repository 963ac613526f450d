/// A request method, RFC 9110 §9: a case-sensitive token.
package enum Method: Hashable, Sendable {
    case get, head, post, put, delete, options, patch, connect, trace
    /// A method without a case of its own, as it was spelled.
    case other(String)

    /// The method as it stands on the wire.
    package var name: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .patch: "PATCH"
        case .connect: "CONNECT"
        case .trace: "TRACE"
        case .other(let name): name
        }
    }

    /// Recognises a method by its exact bytes; RFC 9110 §9.1 makes them case-sensitive.
    ///
    /// The bytes are a token already, which the request line's reader has checked.
    init(token: Span<UInt8>) {
        switch token.count {
        case 3 where token.equals("GET"): self = .get
        case 3 where token.equals("PUT"): self = .put
        case 4 where token.equals("POST"): self = .post
        case 4 where token.equals("HEAD"): self = .head
        case 5 where token.equals("PATCH"): self = .patch
        case 5 where token.equals("TRACE"): self = .trace
        case 6 where token.equals("DELETE"): self = .delete
        case 7 where token.equals("OPTIONS"): self = .options
        case 7 where token.equals("CONNECT"): self = .connect
        default: self = .other(String(ascii: token))
        }
    }
}
