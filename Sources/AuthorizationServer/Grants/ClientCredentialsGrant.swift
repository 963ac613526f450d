import OAuth

/// Gives a client a token for itself (RFC 6749 §4.4); only to those that the configuration names, and
/// never a refresh token.
struct ClientCredentialsGrant: Sendable {
    let issuing: TokenIssuing

    /// What a client presents.
    struct Presented: Sendable {
        let client: Client
        let scope: ScopeSet?
        let resource: ResourceIndicator?
        /// The key of the proof that came along; nil without one.
        let key: KeyThumbprint?
    }

    /// The token for the client.
    ///
    /// - Parameters:
    ///   - presented: what the client shows; the client has authenticated.
    ///   - now: Unix seconds.
    /// - Returns: what the client gets.
    /// - Throws: why it gets nothing.
    func tokens(
        for presented: Presented, at now: Int64
    ) async throws(GrantRefusal) -> IssuedTokens {
        // RFC 6749 §4.4 — confidential clients only.
        guard presented.client.authenticationMethod != .none else {
            throw GrantRefusal(
                OAuthError(.unauthorizedClient, "A public client gets no tokens for itself"))
        }
        let order = try issuing.machineOrder(
            presented.client, presented.scope, presented.resource, basis: .clientCredentials,
            key: presented.key)
        return try await issuing.issue(order, at: now)
    }
}
