import Cryptography
import JOSE
package import OAuth

/// Tells which client a request to the token or revocation endpoint is from (RFC 6749 §2.3).
package struct ClientAuthentication: Sendable {
    private let directory: ClientDirectory
    private let assertions: ClientAssertions?

    /// Authentication of the clients of a directory; without `assertions` none proves anything.
    package init(directory: ClientDirectory, assertions: ClientAssertions? = nil) {
        self.directory = directory
        self.assertions = assertions
    }

    /// The same where an assertion may also be for the endpoint at a path of the issuer.
    func accepting(endpoint path: String) -> ClientAuthentication {
        ClientAuthentication(
            directory: directory, assertions: assertions?.accepting(endpoint: path))
    }

    /// `func client(_ credentials: ClientCredentials, for network: ClientNetwork?, at now: Int64)`:
    /// the client that the credentials prove.
    ///
    /// A public client sends its id alone. One with a secret sends it in either of the two ways,
    /// whichever it registered: clients choose from what the server's metadata list. One with keys
    /// sends an assertion, and nothing else. `network` is whom the fetch of a document is counted for;
    /// `now` is in Unix seconds.
    ///
    /// - Throws: `invalid_client`, the same for every cause unless the client's own key says who asks;
    ///   `temporarily_unavailable` if the store fails.
    package func client(
        _ credentials: ClientCredentials, for network: ClientNetwork?, at now: Int64
    ) async throws(OAuthError) -> Client {
        if let assertion = credentials.assertion {
            return try await signer(of: assertion, credentials, for: network, at: now)
        }
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
            if isProven { return client.proven(by: credentials.method) }
        }
        throw Self.unproven("client authentication failed by \(credentials.method.rawValue)")
    }

    /// RFC 7521 §4.2 — the client that an assertion names and whose key signed it.
    private func signer(
        of text: SecretBytes, _ credentials: ClientCredentials, for network: ClientNetwork?,
        at now: Int64
    ) async throws(OAuthError) -> Client {
        guard let assertions else { throw Self.unproven("assertions are not taken") }
        guard let jws = try? UnverifiedJWS(text.bytes), let id = jws.claimedIssuer,
            id.utf8.count <= AuthorizationRequest.maximumClientIDLength
        else { throw Self.unproven("the client assertion is no JWT with an iss") }
        guard credentials.readings.allSatisfy({ $0.clientID.utf8.elementsEqual(id.utf8) }) else {
            throw Self.unproven("the client assertion is another client's")
        }
        guard let client = try await find(id, for: network, at: now),
            client.authenticationMethod == .privateKeyJWT, let keys = client.keys
        else { throw Self.unproven("no client with keys has the id of the assertion") }
        try await assertions.check(jws, of: client, keys, for: network, at: now)
        return client
    }

    /// RFC 6749 §5.2 — whether there is such a client is nobody's business.
    static func unproven(_ reason: String) -> OAuthError {
        OAuthError(
            .invalidClient, "The client is unknown or has not proven who it is", reason: reason)
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

extension Client {
    /// The client as it has proven itself, which is what its grants are bound to.
    fileprivate func proven(by method: ClientAuthenticationMethod) -> Client {
        var client = self
        if method == .none { client.authenticationMethod = .none }
        return client
    }
}
