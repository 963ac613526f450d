package import HTTP
package import JSON

/// What another authorization server says of itself, as far as the gateway asks it for something.
///
/// Source: RFC 8414 §2, OpenID Connect Discovery 1.0 §3.
package struct IssuerMetadata: Sendable, Equatable {
    /// Where its keys are; nil where the document names no place that may be asked.
    package let jwksURI: AbsoluteURI?
    /// Where it tells about tokens (RFC 7662 §2); nil likewise.
    package let introspectionEndpoint: AbsoluteURI?
    /// Where it gives tokens; nil likewise.
    package let tokenEndpoint: AbsoluteURI?

    /// Reads the document that was found at one of the issuer's places.
    ///
    /// - Parameters:
    ///   - content: the document.
    ///   - issuer: whose it must be, byte for byte (RFC 8414 §3.3).
    /// - Throws: why it is not the issuer's.
    package init(
        parsing content: [UInt8], of issuer: String
    ) throws(IssuerMetadataViolation) {
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: content)
        } catch {
            throw .notJSON(error)
        }
        let root = document.root
        guard root.kind == .object else { throw .notAnObject }
        guard let named = root["issuer"]?.utf8, named.elementsEqual(issuer.utf8) else {
            throw .otherIssuer
        }
        let isSecure = !issuer.lowercased().hasPrefix("http:")
        jwksURI = Self.place("jwks_uri", of: root, isSecure)
        introspectionEndpoint = Self.place("introspection_endpoint", of: root, isSecure)
        tokenEndpoint = Self.place("token_endpoint", of: root, isSecure)
    }

    /// RFC 8414 §2 — https, unless the issuer itself does without, as one on this machine may.
    private static func place(
        _ name: String, of root: JSONValue, _ isSecure: Bool
    ) -> AbsoluteURI? {
        guard let text = root.member(name)?.string, let uri = try? AbsoluteURI(parsing: text),
            uri.scheme == .https || !isSecure
        else { return nil }
        return uri
    }

    /// Where the document may be, in the order in which it is looked for: the well-known string
    /// before the issuer's path (RFC 8414 §3.1), then that of OpenID before it (RFC 8414 §5) and
    /// behind it (OpenID Connect Discovery §4).
    package static func places(of issuer: AbsoluteURI) -> [AbsoluteURI] {
        let start = "\(issuer.scheme.rawValue)://\(issuer.authority)"
        let path = issuer.path.hasSuffix("/") ? String(issuer.path.dropLast()) : issuer.path
        let texts = [
            "\(start)/.well-known/oauth-authorization-server\(path)",
            "\(start)/.well-known/openid-configuration\(path)",
            "\(start)\(path)/.well-known/openid-configuration",
        ]
        var places: [AbsoluteURI] = []
        for text in texts {
            guard let place = try? AbsoluteURI(parsing: text), !places.contains(place) else {
                continue
            }
            places.append(place)
        }
        return places
    }
}

/// Why a document is not the metadata of an issuer.
package enum IssuerMetadataViolation: Error, Sendable, Equatable {
    /// It is not JSON that can be read in one way only.
    case notJSON(JSONViolation)
    /// It is JSON but not an object.
    case notAnObject
    /// It names another issuer, or none (RFC 8414 §3.3).
    case otherIssuer
}
