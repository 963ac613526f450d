/// The value of `WWW-Authenticate` for a request that used the DPoP scheme (RFC 9449 §7.1), with what
/// bearer challenges tell.
///
/// Shape: as ``BearerChallenge``, and `algs` last.
package struct DPoPChallenge: Sendable, Equatable {
    /// A registered error of the scheme.
    package enum ErrorCode: String, Sendable, CaseIterable {
        /// The token is expired, revoked, malformed, meant for someone else, or bound to another key
        /// or none.
        case invalidToken = "invalid_token"
        /// The token does not open what was asked for.
        case insufficientScope = "insufficient_scope"
        /// The proof is not good for the request (RFC 9449 §7.1).
        case invalidDPoPProof = "invalid_dpop_proof"
        /// The proof needs the nonce that comes with the answer (RFC 9449 §9).
        case useDPoPNonce = "use_dpop_nonce"
    }

    /// The URL of the protected resource metadata.
    package var resourceMetadata: String
    /// The scopes to ask for; left out when empty.
    package var scope: ScopeSet
    /// What was wrong.
    package var error: ErrorCode
    /// The error in words; left out when it is empty.
    package var errorDescription: String

    /// A challenge.
    package init(
        resourceMetadata: String, scope: ScopeSet, error: ErrorCode, errorDescription: String = ""
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
        parameters.append("error", error.rawValue)
        parameters.append("error_description", errorDescription)
        parameters.append("algs", DPoPVerifier.algorithms.joined(separator: " "))
        return parameters.value(of: "DPoP")
    }
}
