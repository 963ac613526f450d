/// A browser's request as far as its cookies tell: which browser, and who is signed in.
struct Visit: Sendable {
    /// The browser's id, which forms and pending requests are bound to.
    var browserID: String
    /// Who is signed in; nil for nobody.
    var user: User?
    /// The cookies that the answer sets.
    var cookies: [EndpointResponse.Field]
    /// The network that the browser is in.
    var network: ClientNetwork
    /// The time in Unix seconds.
    var now: Int64

    /// The browser's id as what seals are bound to.
    var context: [UInt8] { Array(browserID.utf8) }
}

/// The forms of the pages; the token of one is good for no other.
enum PageForm: String, Sendable, CaseIterable {
    case signIn = "sign-in"
    case signOut = "sign-out"
    case consent
    case account
}
