import HTTP
import MCP
package import Seals

/// Puts a seal in the place of an HTTP+SSE upstream's endpoint on its way out, and opens it on its way
/// back.
///
/// What the client is given is a path on the server's own path with one parameter. A reference
/// without scheme and host means the gateway under whatever name the client reached it, which is
/// what clients compare: the SDKs of Python and TypeScript send messages to the origin of the
/// stream only. The parameter is called `session_id`, where the Python SDK looks for the session's
/// name.
package struct SealedEndpoints: Sendable {
    private static let parameter = Array("session_id=".utf8)

    private let seal: Seal

    /// Seals for endpoints with the keys of the ring.
    package init(ring: KeyRing) {
        seal = Seal(.messageEndpoint, ring: ring)
    }

    /// The seal of an endpoint for the principal of the token, the same whenever it is asked for.
    func seal(_ endpoint: MessageEndpoint, for token: VerifiedAccessToken) -> [UInt8] {
        Array(seal.seal(Array(endpoint.uri.description.utf8), context: token.sealContext).utf8)
    }

    /// The reference to the endpoint behind that seal for a client that uses that path.
    static func reference(path: ArraySlice<UInt8>, seal: [UInt8]) -> [UInt8] {
        var reference = Array(path)
        reference.append(UInt8(ascii: "?"))
        reference += parameter
        reference += seal
        return reference
    }

    /// What stands in the place of a seal in the query of a request; nil where nothing does.
    static func seal(in head: RequestHead) -> ArraySlice<UInt8>? {
        guard head.hasQuery else { return nil }
        let query = head.targetBytes.dropFirst(head.pathBytes.count + 1)
        guard query.starts(with: parameter) else { return nil }
        return query.dropFirst(parameter.count)
    }

    /// The endpoint behind the seal of a request; nil for anything but a seal that was made for this
    /// principal at this server, and for one of a server that is now elsewhere.
    func open(
        _ text: ArraySlice<UInt8>, for token: VerifiedAccessToken, upstream: AbsoluteURI
    ) -> OpenedEndpoint? {
        guard let bytes = seal.open(text, context: token.sealContext),
            let endpoint = try? MessageEndpoint(reference: bytes, of: upstream)
        else { return nil }
        return OpenedEndpoint(requestTarget: endpoint.uri.requestTarget, seal: text)
    }
}
