import OAuth

/// A pending request with what it names, as it is today.
struct PendingAsk: Sendable {
    /// The request.
    var pending: PendingAuthorization
    /// The client that asks, judged anew.
    var client: Client
    /// Where the answer goes, found among the client's own again.
    var redirectURI: RedirectURI
    /// The server.
    var resource: GuardedResource

    /// The way back to the client.
    func answer(issuer: String?) -> AuthorizationResponse {
        AuthorizationResponse(redirectURI: redirectURI, state: pending.state, issuer: issuer)
    }

    /// Why the person signs in.
    var purpose: SignInPage.Purpose {
        SignInPage.Purpose(
            client: client, redirectHost: redirectURI.displayHost, serverTitle: resource.title)
    }
}
