package import HTTP

/// A request to the authorization endpoint (RFC 6749 §4.1.1), read in two steps: whose it is, which
/// tells where errors go, and what it asks for.
package struct AuthorizationRequest: Sendable, Equatable {
    /// The longest `state` that is carried, in bytes.
    package static let maximumStateLength = 2048
    /// The longest client id that is looked up, in bytes.
    package static let maximumClientIDLength = 2048

    /// Whose request it is, and where the answer is to go; errors before this is known to be true
    /// are told to the person, not to the client (RFC 6749 §4.1.2.1).
    package struct Sender: Sendable, Equatable {
        /// `client_id`.
        package let clientID: String
        /// `redirect_uri` as it was presented; nil if there was none.
        package let redirectURI: RedirectURI?
        /// `state`, byte for byte; nil if there was none, or if it cannot be carried.
        package let state: String?

        /// Reads the parameters that tell whose request it is.
        ///
        /// - Throws: `invalid_request` for the person.
        package init(_ form: FormParameters) throws(OAuthError) {
            // RFC 6749, appendix A.1 — client-id = *VSCHAR
            guard let clientID = try form.one("client_id"),
                clientID.utf8.count <= maximumClientIDLength,
                clientID.utf8.allSatisfy(\.isVisible)
            else { throw OAuthError(.invalidRequest, "The request names no client (client_id)") }
            self.clientID = clientID
            if let text = try form.one("redirect_uri") {
                guard let uri = RedirectURI(text) else {
                    throw OAuthError(
                        .invalidRequest, "The redirect_uri is not one that a client may use")
                }
                redirectURI = uri
            } else {
                redirectURI = nil
            }
            state = (try? form.state()) ?? nil
        }
    }

    /// What the client will prove that it made the request (RFC 7636 §4.3).
    package let codeChallenge: CodeChallenge
    /// The server that the token is to be for; nil where the request names none.
    package let resource: ResourceIndicator?
    /// The scopes that are asked for; nil without any.
    package let scope: ScopeSet?
    /// `dpop_jkt`: the key with which the code will be redeemed (RFC 9449 §10); nil without one.
    package let key: KeyThumbprint?

    /// Reads what a request asks for, whose sender is known by now.
    ///
    /// - Throws: what is wrong; may travel by redirect.
    package init(_ form: FormParameters) throws(OAuthError) {
        for check in AuthorizationRequestCheck.allCases { try check.pass(form) }
        codeChallenge = try Self.codeChallenge(form)
        resource = try form.resource()
        scope = try form.scope()
        key = try Self.key(form)
    }

    private static func key(_ form: FormParameters) throws(OAuthError) -> KeyThumbprint? {
        guard let text = try form.one("dpop_jkt") else { return nil }
        guard let key = KeyThumbprint(text) else {
            throw OAuthError(.invalidRequest, "The dpop_jkt is malformed")
        }
        return key
    }

    /// RFC 7636 §4.4.1 — without a challenge, or with one that proves nothing, there is no code.
    private static func codeChallenge(_ form: FormParameters) throws(OAuthError) -> CodeChallenge {
        guard let text = try form.one("code_challenge") else {
            throw OAuthError(.invalidRequest, "A code_challenge is required (PKCE)")
        }
        guard try form.one("code_challenge_method") == CodeChallenge.method else {
            throw OAuthError(.invalidRequest, "The code_challenge_method must be S256")
        }
        guard let challenge = CodeChallenge(text) else {
            throw OAuthError(.invalidRequest, "The code_challenge is malformed")
        }
        return challenge
    }
}
