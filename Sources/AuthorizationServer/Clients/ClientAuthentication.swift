package import OAuth

/// Tells which client a request to the token or revocation endpoint is from (RFC 6749 §2.3).
package struct ClientAuthentication: Sendable {
    private let directory: ClientDirectory

    /// Authentication of the clients of a directory.
    package init(directory: ClientDirectory) {
        self.directory = directory
    }

    /// `func client(_ credentials: ClientCredentials, for network: ClientNetwork? = nil, at now: Int64)`:
    /// the client that the credentials prove.
    ///
    /// A public client sends its id alone. One with a secret sends it in either of the two ways,
    /// whichever it registered: clients choose from what the server's metadata list. `network` is
    /// whom the fetch of a document is counted for; `now` is in Unix seconds.
    ///
    /// - Throws: `invalid_client`, the same for every cause; `temporarily_unavailable` if the store
    ///   fails.
    package func client(
        _ credentials: ClientCredentials, for network: ClientNetwork? = nil, at now: Int64
    ) async throws(OAuthError) -> Client {
        for reading in credentials.readings {
            guard let client = try await find(reading.clientID, for: network, at: now) else {
                continue
            }
            let isProven =
                switch client.authenticationMethod {
                case .none: credentials.method == .none && reading.secret == nil
                case .clientSecretBasic, .clientSecretPost:
                    credentials.method != .none
                        && reading.secret.map { directory.isSecret($0, of: client) } == true
                case .privateKeyJWT:
                    // Some clients have keys and come without; their documents say that they may.
                    client.isAlsoPublic && credentials.method == .none && reading.secret == nil
                }
            if isProven { return client }
        }
        // RFC 6749 §5.2
        throw OAuthError(
            .invalidClient, "The client is unknown or has not proven who it is",
            reason: "client authentication failed by \(credentials.method.rawValue)")
    }

    private func find(
        _ id: String, for network: ClientNetwork?, at now: Int64
    ) async throws(OAuthError) -> Client? {
        do {
            return try await directory.client(id, for: network, at: now)
        } catch {
            throw error.oauthError
        }
    }
}
