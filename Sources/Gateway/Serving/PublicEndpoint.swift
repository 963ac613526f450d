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

    /// The path after `public_url`.
    var path: String { rawValue }

    /// The largest content of a request, in bytes.
    static let bodyLimit = 32 << 10
}
