/// The value of `WWW-Authenticate` that tells a client where to get a token and which scopes to ask
/// for.
///
/// Shape: one challenge, `Bearer` first, each value quoted and not empty, the error last: clients
/// read it with patterns rather than parsers. Source: RFC 6750 §3, RFC 9728 §5.1.
package struct BearerChallenge: Sendable, Equatable {
    /// A registered error of the bearer scheme (RFC 6750 §3.1).
    package enum ErrorCode: String, Sendable, CaseIterable {
        /// The request was malformed; 400.
        case invalidRequest = "invalid_request"
        /// The token is expired, revoked, malformed or meant for someone else; 401.
        case invalidToken = "invalid_token"
        /// The token does not open what was asked for; 403.
        case insufficientScope = "insufficient_scope"

        /// The status of an answer that carries the error.
        package var status: Int {
            switch self {
            case .invalidRequest: 400
            case .invalidToken: 401
            case .insufficientScope: 403
            }
        }
    }

    /// The URL of the protected resource metadata.
    package var resourceMetadata: String
    /// The scopes to ask for; left out when empty.
    package var scope: ScopeSet
    /// What was wrong with the token or the request; nil when no token came (RFC 6750 §3.1).
    package var error: ErrorCode?
    /// The error in words; left out without an error, or when it is empty.
    package var errorDescription: String

    /// A challenge.
    package init(
        resourceMetadata: String, scope: ScopeSet, error: ErrorCode? = nil,
        errorDescription: String = ""
    ) {
        self.resourceMetadata = resourceMetadata
        self.scope = scope
        self.error = error
        self.errorDescription = errorDescription
    }

    /// The field value.
    package var value: String {
        var parameters = ChallengeParameters()
        parameters.append("resource_metadata", resourceMetadata)
        parameters.append("scope", scope.text)
        if let error {
            parameters.append("error", error.rawValue)
            parameters.append("error_description", errorDescription)
        }
        return parameters.value(of: "Bearer")
    }
}
