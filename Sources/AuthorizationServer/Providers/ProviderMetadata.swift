import Cryptography
import HTTP
import JSON
import OAuth

/// What a provider says of itself (OpenID Connect Discovery 1.0 §3), as far as it is used.
struct ProviderMetadata: Sendable, Equatable {
    /// Where the browser is sent.
    var authorizationEndpoint: AbsoluteURI
    /// Where codes become tokens.
    var tokenEndpoint: AbsoluteURI
    /// Where the holder of an access token is asked about; nil where the provider has no such place.
    var userInfoEndpoint: AbsoluteURI?
    /// Where its keys are; nil for a provider without ID tokens.
    var keysLocation: AbsoluteURI?
    /// Whether every answer of it names the issuer (RFC 9207 §3).
    var sendsIssuer: Bool
    /// How the gateway authenticates at the token endpoint.
    var authentication: Authentication
    /// The algorithms of ID tokens that both sides speak.
    var algorithms: Set<SignatureAlgorithm>
    /// Whether it knows `offline_access` (OpenID Connect Core §11).
    var offersOfflineAccess: Bool

    /// How the gateway shows its secret (RFC 6749 §2.3.1).
    enum Authentication: String, Sendable, Equatable {
        /// In the Authorization field.
        case basic = "client_secret_basic"
        /// In the form.
        case post = "client_secret_post"
        /// It has none.
        case none
    }

    /// How a document deviates.
    enum Violation: Error, Sendable, Equatable {
        /// It is not JSON that can be read in one way only, or no object.
        case notAnObject
        /// `issuer` is not the one that was asked, byte for byte.
        case wrongIssuer
        /// A member, named here, is missing or is no URL that may be used.
        case unusable(String)
        /// It offers none of the ways in which the gateway authenticates.
        case noAuthentication
        /// It says which PKCE methods it has, and S256 is none of them.
        case noPKCE
        /// It signs ID tokens by no algorithm that is spoken here.
        case noAlgorithm
    }

    /// The algorithms that ID tokens may be signed by: asymmetric ones only (RFC 8725 §3.1).
    static let allowedAlgorithms: Set<SignatureAlgorithm> = [.es256, .rs256, .ps256]

    /// Endpoints that the operator has named.
    init(_ endpoints: ProviderOptions.OAuthEndpoints, hasSecret: Bool) {
        authorizationEndpoint = endpoints.authorization
        tokenEndpoint = endpoints.token
        userInfoEndpoint = endpoints.userInfo
        keysLocation = nil
        sendsIssuer = false
        // The way that providers of this kind document; without metadata there is nothing to go by.
        authentication = hasSecret ? .post : .none
        algorithms = []
        offersOfflineAccess = false
    }

    /// Reads a document that was found at `issuer`.
    ///
    /// - Throws: the first deviation.
    init(parsing bytes: [UInt8], of issuer: String, hasSecret: Bool) throws(Violation) {
        guard let root = (try? JSONDocument(parsing: bytes))?.root, root.kind == .object else {
            throw .notAnObject
        }
        // OpenID Connect Discovery §4.3
        guard let named = root["issuer"]?.string, named.utf8.elementsEqual(issuer.utf8) else {
            throw .wrongIssuer
        }
        authorizationEndpoint = try Self.endpoint("authorization_endpoint", of: root)
        tokenEndpoint = try Self.endpoint("token_endpoint", of: root)
        keysLocation = try Self.endpoint("jwks_uri", of: root)
        userInfoEndpoint =
            root["userinfo_endpoint"] == nil
            ? nil : try Self.endpoint("userinfo_endpoint", of: root)
        sendsIssuer = root["authorization_response_iss_parameter_supported"]?.bool == true
        authentication = try Self.authentication(root, hasSecret: hasSecret)
        // RFC 8414 §2 — who does not say may still know it; who says, is believed.
        if let methods = Self.list("code_challenge_methods_supported", of: root),
            !methods.contains("S256")
        {
            throw .noPKCE
        }
        algorithms = Self.allowedAlgorithms
        if let named = Self.list("id_token_signing_alg_values_supported", of: root) {
            algorithms.formIntersection(named.compactMap(SignatureAlgorithm.init))
        }
        guard !algorithms.isEmpty else { throw .noAlgorithm }
        offersOfflineAccess =
            Self.list("scopes_supported", of: root)?.contains(ScopeToken.offlineAccess) == true
    }

    private static func endpoint(
        _ name: String, of root: JSONValue
    ) throws(Violation) -> AbsoluteURI {
        guard let text = root.member(name)?.string, text.utf8.count <= 2048,
            let url = try? AbsoluteURI(parsing: text), url.isTrustworthy
        else { throw .unusable(name) }
        return url
    }

    private static func authentication(
        _ root: JSONValue, hasSecret: Bool
    ) throws(Violation) -> Authentication {
        guard hasSecret else { return .none }
        // RFC 8414 §2 — client_secret_basic if omitted.
        let named =
            list("token_endpoint_auth_methods_supported", of: root) ?? ["client_secret_basic"]
        if named.contains("client_secret_basic") { return .basic }
        guard named.contains("client_secret_post") else { throw .noAuthentication }
        return .post
    }

    /// The texts of a list; nil where there is none.
    private static func list(_ name: String, of root: JSONValue) -> [String]? {
        guard let value = root.member(name), value.kind == .array else { return nil }
        return value.elements.compactMap(\.string)
    }
}
