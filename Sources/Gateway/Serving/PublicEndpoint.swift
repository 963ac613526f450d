import HTTP

/// An endpoint of the authorization server.
enum PublicEndpoint: String, Sendable, CaseIterable {
    case authorize = "/authorize"
    case consent = "/consent"
    case signIn = "/sign-in"
    /// Each identity provider has a place of its own beneath.
    case signInCallback = "/sign-in/callback"
    case signOut = "/sign-out"
    case account = "/account"
    case token = "/token"
    case register = "/register"
    case revoke = "/revoke"
    case introspect = "/introspect"
    case pushedRequest = "/par"

    /// The path after `public_url`.
    var path: String { rawValue }

    /// Whether people see it in a browser.
    var isPage: Bool {
        switch self {
        case .authorize, .consent, .signIn, .signInCallback, .signOut, .account: true
        case .token, .register, .revoke, .introspect, .pushedRequest: false
        }
    }

    /// Whether a request gives access to somebody, and so needs its line in the audit log.
    ///
    /// What takes access away is not held up by a log that cannot be written; its line waits.
    func needsAudit(_ method: HTTP.Method) -> Bool {
        switch self {
        case .consent, .signIn, .token: method == .post
        // A client changes itself by PUT.
        case .register: method == .post || method == .put
        // Both may end with a code.
        case .authorize, .signInCallback: method == .get
        case .signOut, .account, .revoke, .introspect, .pushedRequest: false
        }
    }

    /// The largest content of a request, in bytes.
    static let bodyLimit = 32 << 10
}
