import OAuth
import Storage

/// Why no token is issued, and what else came of it.
struct GrantRefusal: Error, Sendable {
    /// What the client is told.
    let error: OAuthError
    /// The user it was about, for the log; nil where none is known.
    let subject: String?
    /// The grants that were ended, whose access tokens must be refused from now on.
    let endedGrants: [String]

    /// A refusal.
    init(_ error: OAuthError, subject: String? = nil, endedGrants: [String] = []) {
        self.error = error
        self.subject = subject
        self.endedGrants = endedGrants
    }

    /// `invalid_grant` (RFC 6749 §5.2), on which clients ask the user again.
    static func invalidGrant(
        _ publicDescription: String, reason: String? = nil, subject: String? = nil,
        endedGrants: [String] = []
    ) -> GrantRefusal {
        GrantRefusal(
            OAuthError(.invalidGrant, publicDescription, reason: reason), subject: subject,
            endedGrants: endedGrants)
    }

    /// `temporarily_unavailable`: whether the user is still there cannot be found out now, and nothing
    /// was used up.
    static func userUnknown(_ reason: String, subject: String?) -> GrantRefusal {
        GrantRefusal(
            OAuthError(
                .temporarilyUnavailable,
                "The identity provider of the user cannot be asked now. Try again later.",
                reason: "the user could not be asked about: \(reason)"),
            subject: subject)
    }

    /// The answer of the endpoint.
    func answer(clientID: String, usedBasic: Bool) -> EndpointResponse {
        var answer = EndpointResponse.clientRefusal(error, usedBasic: usedBasic)
        answer.clientID = clientID
        answer.subject = subject
        answer.endedGrants = endedGrants
        return answer
    }
}

extension EndpointResponse {
    /// A refusal of an endpoint of clients: one that will pass says when to try again.
    static func clientRefusal(_ error: OAuthError, usedBasic: Bool) -> EndpointResponse {
        switch error.code {
        case .temporarilyUnavailable:
            refusal(error, usedBasic: usedBasic, retryAfter: storeRetryAfter)
        case .invalidRequest, .invalidClient, .invalidGrant, .unauthorizedClient,
            .unsupportedGrantType, .invalidScope, .accessDenied, .unsupportedResponseType,
            .serverError, .invalidTarget, .requestNotSupported, .requestURINotSupported,
            .invalidRedirectURI, .invalidClientMetadata, .invalidSoftwareStatement,
            .unsupportedTokenType, .invalidDPoPProof, .useDPoPNonce:
            refusal(error, usedBasic: usedBasic)
        }
    }
}
