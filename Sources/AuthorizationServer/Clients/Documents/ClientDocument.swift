import HTTP
import JSON
import OAuth

/// What a client says of itself in the document that its id is the URL of.
///
/// Source: draft-ietf-oauth-client-id-metadata-document §4; MCP 2025-11-25 basic/authorization,
/// Client ID Metadata Documents. Members that are not understood are not looked at.
struct ClientDocument: Sendable, Equatable {
    /// The most bytes of a document (there, §6.6).
    static let sizeLimit = 5 * 1024
    /// Limits of the document's structure.
    static let jsonLimits = JSONLimits(depth: 16, members: 128, nameLength: 256)

    /// `client_name` without what is no character for people; not empty.
    let name: String
    /// `redirect_uris` that are well-formed, each once; never empty.
    let redirectURIs: [RedirectURI]
    /// How it authenticates: `none` or `private_key_jwt`.
    let method: ClientAuthenticationMethod
    /// Whether it may come without an assertion although it has keys.
    let isAlsoPublic: Bool
    /// What checks its signatures.
    let keys: ClientKeys?
    /// Whether it wants no token but one that is bound to its key (RFC 9449 §5.2).
    let bindsTokens: Bool

    /// Reads the document that was got at a URL.
    ///
    /// - Throws: the first thing for which it describes no client.
    init(parsing bytes: [UInt8], at url: ClientDocumentURL) throws(ClientDocumentViolation) {
        guard bytes.count <= Self.sizeLimit else { throw .tooLarge }
        guard let document = try? JSONDocument(parsing: bytes, limits: Self.jsonLimits),
            document.root.kind == .object
        else { throw .notAnObject }
        let root = document.root
        // §4.1 — by simple string comparison (RFC 3986 §6.2.1).
        guard let id = root["client_id"]?.string, id.utf8.elementsEqual(url.text.utf8) else {
            throw .otherClient
        }
        // §4.1 — what everybody can read is no secret.
        guard root["client_secret"] == nil, root["client_secret_expires_at"] == nil else {
            throw .secret
        }
        name = ClientMetadata.readable(root["client_name"]?.string ?? "")
        guard ClientName.isVisible(name) else { throw .nameMissing }
        redirectURIs = try Self.redirectURIs(root)
        bindsTokens = try Self.bindsTokens(root)
        let methods = try Self.methods(root)
        keys = try Self.keys(root)
        if methods.contains(.privateKeyJWT), keys != nil {
            method = .privateKeyJWT
            isAlsoPublic = methods.contains(.none)
        } else {
            guard methods.contains(.none) else {
                throw methods.contains(.privateKeyJWT) ? .keysMissing : .method
            }
            method = .none
            isAlsoPublic = true
        }
    }

    private static func redirectURIs(
        _ root: JSONValue
    ) throws(ClientDocumentViolation) -> [RedirectURI] {
        guard let list = root["redirect_uris"], list.kind == .array else { throw .redirectURIs }
        var found: [RedirectURI] = []
        for (index, element) in list.elements.enumerated() {
            guard index < ClientMetadata.maximumRedirectURIs, let text = element.string else {
                throw .redirectURIs
            }
            guard let uri = RedirectURI(text), !found.contains(uri) else { continue }
            found.append(uri)
        }
        guard !found.isEmpty else { throw .redirectURIs }
        return found
    }

    /// How the client says that it can authenticate: in the member that RFC 7591 has for it, and in
    /// the list that ChatGPT adds.
    private static func methods(
        _ root: JSONValue
    ) throws(ClientDocumentViolation) -> Set<ClientAuthenticationMethod> {
        var names: [String] = []
        if let method = root["token_endpoint_auth_method"] {
            guard let name = method.string else { throw .method }
            // §4.1 — no method that rests on a shared secret.
            guard !name.hasPrefix("client_secret_") else { throw .secret }
            names.append(name)
        }
        if let list = root["token_endpoint_auth_methods_supported"] {
            guard list.kind == .array else { throw .method }
            for element in list.elements {
                guard let name = element.string else { throw .method }
                names.append(name)
            }
        }
        // RFC 7591 §2 has client_secret_basic for clients that do not say, which no document can mean.
        guard !names.isEmpty else { return [.none] }
        return Set(names.compactMap(ClientAuthenticationMethod.init)).intersection(
            [.none, .privateKeyJWT])
    }

    private static func bindsTokens(_ root: JSONValue) throws(ClientDocumentViolation) -> Bool {
        guard let value = root["dpop_bound_access_tokens"] else { return false }
        guard let flag = value.bool else { throw .boundTokens }
        return flag
    }

    private static func keys(_ root: JSONValue) throws(ClientDocumentViolation) -> ClientKeys? {
        switch (root["jwks"], root["jwks_uri"]) {
        case (nil, nil): return nil
        // RFC 7591 §2
        case (.some, .some): throw .keys
        case (nil, let place?):
            guard let text = place.string, let url = try? AbsoluteURI(parsing: text),
                url.scheme == .https
            else { throw .keys }
            return .url(url)
        case (let set?, nil):
            guard let keys = ClientKeys(set: Array(set.rawBytes)) else { throw .keys }
            return keys
        }
    }
}
