package import HTTP
import JSON

/// What a client says of itself when it registers (RFC 7591 §2), read with the tolerance that real
/// clients need: what we do not have is dropped, and only what makes no sense is refused.
package struct ClientMetadata: Sendable, Equatable {
    /// The most redirect URIs that are read.
    package static let maximumRedirectURIs = 16
    /// The longest name that is kept, in characters.
    package static let maximumNameLength = 128
    /// The longest `jwks_uri` that is taken, in bytes.
    package static let maximumKeySetURILength = 512
    /// Limits of the document.
    static let jsonLimits = JSONLimits(depth: 16, members: 128, nameLength: 256)

    /// `redirect_uris` that are well-formed, each once; never empty.
    package var redirectURIs: [RedirectURI]
    /// `client_name` without what is no character for people; "" without one.
    package var name: String
    /// `token_endpoint_auth_method`; `none` without one, and for a method that we do not have.
    package var authenticationMethod: ClientAuthenticationMethod
    /// `application_type`, `native` or `web`, which is echoed and decides nothing; nil without one.
    package var applicationType: String?
    /// `scope`, a hint that is echoed and bounds no later request; empty without one.
    package var scope: ScopeSet
    /// The JWK set of `jwks`, as it was sent; nil without one, and for a client that signs nothing.
    package var keySet: [UInt8]?
    /// `jwks_uri`, https; nil without one, and for a client that signs nothing.
    package var keySetURI: AbsoluteURI?
    /// `dpop_bound_access_tokens`: whether the client wants no token but one that is bound to its key
    /// (RFC 9449 §5.2).
    package var bindsTokens: Bool

    /// Metadata of the given content.
    package init(
        redirectURIs: [RedirectURI], name: String,
        authenticationMethod: ClientAuthenticationMethod, applicationType: String? = nil,
        scope: ScopeSet = ScopeSet(), keySet: [UInt8]? = nil, keySetURI: AbsoluteURI? = nil,
        bindsTokens: Bool = false
    ) {
        self.redirectURIs = redirectURIs
        self.name = name
        self.authenticationMethod = authenticationMethod
        self.applicationType = applicationType
        self.scope = scope
        self.keySet = keySet
        self.keySetURI = keySetURI
        self.bindsTokens = bindsTokens
    }

    /// Reads the body of a registration request.
    ///
    /// - Throws: `invalid_client_metadata` or `invalid_redirect_uri` (RFC 7591 §3.2.2).
    package init(parsing body: [UInt8]) throws(OAuthError) {
        guard let document = try? JSONDocument(parsing: body, limits: Self.jsonLimits),
            document.root.kind == .object
        else { throw OAuthError(.invalidClientMetadata, "The metadata is not one JSON object") }
        let root = document.root
        name = Self.readable(try Self.text("client_name", of: root) ?? "")
        let method = try Self.text("token_endpoint_auth_method", of: root)
        if method == ClientAuthenticationMethod.privateKeyJWT.rawValue {
            (keySet, keySetURI) = try Self.keys(root)
        } else {
            (keySet, keySetURI) = (nil, nil)
        }
        authenticationMethod = Self.method(method, hasKeys: keySet != nil || keySetURI != nil)
        let type = try Self.text("application_type", of: root)
        applicationType = type == "native" || type == "web" ? type : nil
        scope = try Self.text("scope", of: root).flatMap { ScopeSet(parsing: $0) } ?? ScopeSet()
        bindsTokens = try Self.flag("dpop_bound_access_tokens", of: root)
        for member in ["grant_types", "response_types"] { _ = try Self.texts(member, of: root) }
        redirectURIs = try Self.redirectURIs(root)
    }

    /// A client that would sign but registers no keys is a public one.
    private static func method(
        _ name: String?, hasKeys: Bool
    ) -> ClientAuthenticationMethod {
        switch name.flatMap(ClientAuthenticationMethod.init) {
        case .clientSecretBasic: .clientSecretBasic
        case .clientSecretPost: .clientSecretPost
        case .privateKeyJWT: hasKeys ? .privateKeyJWT : .none
        case .some(.none), nil: .none
        }
    }

    /// RFC 7591 §2 — never both.
    private static func keys(_ root: JSONValue) throws(OAuthError) -> ([UInt8]?, AbsoluteURI?) {
        let place = try text("jwks_uri", of: root)
        let set = root["jwks"].flatMap { $0.kind == .null ? nil : $0 }
        if let set {
            guard place == nil else {
                throw OAuthError(.invalidClientMetadata, "There are both jwks and jwks_uri")
            }
            guard set.kind == .object else {
                throw OAuthError(.invalidClientMetadata, "jwks is not an object")
            }
            return (Array(set.rawBytes), nil)
        }
        guard let place else { return (nil, nil) }
        guard let uri = try? AbsoluteURI(parsing: place), uri.scheme == .https,
            place.utf8.count <= maximumKeySetURILength
        else { throw OAuthError(.invalidClientMetadata, "jwks_uri is not an https URL") }
        return (nil, uri)
    }

    private static func redirectURIs(_ root: JSONValue) throws(OAuthError) -> [RedirectURI] {
        guard let texts = try texts("redirect_uris", of: root), !texts.isEmpty else {
            throw OAuthError(.invalidRedirectURI, "The redirect_uris are missing")
        }
        guard texts.count <= maximumRedirectURIs else {
            throw OAuthError(.invalidRedirectURI, "There are too many redirect_uris")
        }
        var found: [RedirectURI] = []
        for text in texts {
            guard let uri = RedirectURI(text), !found.contains(uri) else { continue }
            found.append(uri)
        }
        guard !found.isEmpty else {
            throw OAuthError(
                .invalidRedirectURI,
                "No redirect URI is https, http on this machine, or of a scheme of its own")
        }
        return found
    }

    /// A member that is a string; nil where it is absent, null, or empty.
    private static func text(
        _ name: String, of root: JSONValue
    ) throws(OAuthError) -> String? {
        guard let value = root.member(name), value.kind != .null else { return nil }
        guard let text = value.string else {
            throw OAuthError(.invalidClientMetadata, "\(name) is not a string")
        }
        return text.isEmpty ? nil : text
    }

    /// A member that is true or false; false where it is absent or null.
    private static func flag(_ name: String, of root: JSONValue) throws(OAuthError) -> Bool {
        guard let value = root.member(name), value.kind != .null else { return false }
        guard value.kind == .true || value.kind == .false else {
            throw OAuthError(.invalidClientMetadata, "\(name) is not true or false")
        }
        return value.kind == .true
    }

    /// A member that is an array of strings; nil where it is absent or null.
    private static func texts(
        _ name: String, of root: JSONValue
    ) throws(OAuthError) -> [String]? {
        guard let value = root.member(name), value.kind != .null else { return nil }
        let wrong = OAuthError(.invalidClientMetadata, "\(name) is not an array of strings")
        guard value.kind == .array else { throw wrong }
        var texts: [String] = []
        for element in value.elements {
            guard let text = element.string else { throw wrong }
            texts.append(text)
        }
        return texts
    }

    /// A name as people may read it: nothing that hides, reorders or breaks text, single spaces.
    package static func readable(_ name: String) -> String {
        var kept = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            if scalar.properties.isWhitespace {
                kept.append(" ")
            } else if isReadable(scalar) {
                kept.append(scalar)
            }
        }
        let words = String(kept).split(separator: " ").joined(separator: " ")
        // A letter may carry many marks, so bytes are bounded as well as letters.
        var text = String(words.prefix(maximumNameLength))
        while text.utf8.count > maximumNameLength * 4 { text.unicodeScalars.removeLast() }
        return text.hasSuffix(" ") ? String(text.dropLast()) : text
    }

    private static func isReadable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned: false
        // Fillers, variation selectors and the like are letters and marks that cannot be seen.
        default: !scalar.properties.isDefaultIgnorableCodePoint
        }
    }
}
