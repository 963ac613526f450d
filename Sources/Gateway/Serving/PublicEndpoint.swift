/// An endpoint of the authorization server.
enum PublicEndpoint: String, Sendable, CaseIterable {
    case authorize = "/authorize"
    case consent = "/consent"
    case signIn = "/sign-in"
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
        case .authorize, .consent, .signIn, .signOut, .account: true
        case .token, .register, .revoke, .introspect, .pushedRequest: false
        }
    }

    /// Whether a POST or PUT gives access to somebody, and so needs its line in the audit log.
    ///
    /// What takes access away is not held up by a log that cannot be written; its line waits.
    var needsAudit: Bool {
        switch self {
        case .consent, .signIn, .token, .register: true
        case .authorize, .signOut, .account, .revoke, .introspect, .pushedRequest: false
        }
    }

    /// The largest content of a request, in bytes.
    static let bodyLimit = 32 << 10
}
