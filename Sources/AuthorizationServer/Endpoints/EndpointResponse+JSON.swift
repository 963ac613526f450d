package import OAuth
package import Storage

extension EndpointResponse {
    /// `Access-Control-*` of every answer that scripts of other origins may read; such requests
    /// carry no cookies, so that any origin may.
    package static let crossOrigin = [
        Field("Access-Control-Allow-Origin", "*"),
        Field("Access-Control-Expose-Headers", "WWW-Authenticate, Retry-After, DPoP-Nonce"),
    ]

    /// `Cache-Control: no-store` and its old form (RFC 6749 §5.1, RFC 7591 §3.2.1).
    package static let uncached = [
        Field("Cache-Control", "no-store"), Field("Pragma", "no-cache"),
    ]

    /// `static func json(_ body: [UInt8], status: Int = 200) -> EndpointResponse`: a JSON answer that
    /// nobody keeps and scripts may read.
    package static func json(_ body: [UInt8], status: Int = 200) -> EndpointResponse {
        EndpointResponse(
            status: status,
            fields: [Field("Content-Type", "application/json")] + uncached + crossOrigin,
            body: body)
    }

    /// An empty answer that nobody keeps and scripts may read.
    package static func empty(status: Int) -> EndpointResponse {
        EndpointResponse(status: status, fields: uncached + crossOrigin)
    }

    /// `static func refusal(_ error: OAuthError, usedBasic: Bool = false, retryAfter: Int64? = nil)`:
    /// an OAuth error as JSON (RFC 6749 §5.2).
    ///
    /// The status is 401 for `invalid_client`, 503 for `temporarily_unavailable`, 500 for
    /// `server_error`, else 400. `retryAfter` is in seconds.
    package static func refusal(
        _ error: OAuthError, usedBasic: Bool = false, retryAfter: Int64? = nil
    ) -> EndpointResponse {
        let body = OAuthErrorBody(
            error: error.code.rawValue, errorDescription: error.publicDescription)
        var answer = json(body.bytes, status: status(of: error.code))
        if error.code == .invalidClient, usedBasic {
            // RFC 6749 §5.2 — the scheme that the client used.
            answer.fields.append(Field("WWW-Authenticate", "Basic realm=\"gatehouse\""))
        }
        if let retryAfter { answer.fields.append(Field("Retry-After", String(retryAfter))) }
        answer.reason = error.privateReason
        return answer
    }

    /// 429 with `Retry-After` in seconds (RFC 6585 §4).
    package static func tooManyRequests(
        retryAfter: Int64, reason: String
    ) -> EndpointResponse {
        let error = OAuthError(
            .temporarilyUnavailable, "Too many requests. Try again later.", reason: reason)
        var answer = refusal(error, retryAfter: retryAfter)
        answer.status = 429
        return answer
    }

    /// How long a client waits after an answer that the store could not give, in seconds.
    package static let storeRetryAfter: Int64 = 5

    /// 503 with `Retry-After`: the store could not do what the answer needs.
    package static func unavailable(_ failure: StoreError) -> EndpointResponse {
        let error = OAuthError(
            .temporarilyUnavailable, "The server cannot answer now. Try again later.",
            reason: failure.description)
        return refusal(error, retryAfter: storeRetryAfter)
    }

    /// `static func unaudited(isPage: Bool) -> EndpointResponse`: 503 with `Retry-After`; what was asked
    /// for would not be in the audit log, so that it is not done.
    package static func unaudited(isPage: Bool) -> EndpointResponse {
        let reason = "the audit log cannot be written"
        guard !isPage else { return Refusal(.unavailable, reason).response() }
        let error = OAuthError(
            .temporarilyUnavailable, "The server cannot answer now. Try again later.",
            reason: reason)
        return refusal(error, retryAfter: storeRetryAfter)
    }

    /// The answer to OPTIONS of an endpoint that scripts may use (Fetch §3.2.2); `methods` as the
    /// field spells them, `POST`.
    package static func preflight(methods: String) -> EndpointResponse {
        let allowed = "\(methods), OPTIONS"
        return EndpointResponse(
            status: 204,
            fields: [
                Field("Allow", allowed), Field("Access-Control-Allow-Origin", "*"),
                Field("Access-Control-Allow-Methods", allowed),
                // The wildcard does not cover Authorization (Fetch §4.8).
                Field("Access-Control-Allow-Headers", "*, Authorization"),
                Field("Access-Control-Max-Age", "7200"),
            ])
    }

    /// 405: the endpoint takes `methods` only (RFC 9110 §15.5.6).
    package static func methodNotAllowed(methods: String) -> EndpointResponse {
        let error = OAuthError(.invalidRequest, "The method is not allowed here.")
        var answer = refusal(error)
        answer.status = 405
        answer.fields.append(Field("Allow", "\(methods), OPTIONS"))
        return answer
    }

    private static func status(of code: OAuthErrorCode) -> Int {
        switch code {
        // RFC 6749 §5.2.
        case .invalidClient: 401
        case .serverError: 500
        case .temporarilyUnavailable: 503
        case .invalidRequest, .invalidGrant, .unauthorizedClient, .unsupportedGrantType,
            .invalidScope, .accessDenied, .unsupportedResponseType, .invalidTarget,
            .requestNotSupported, .requestURINotSupported, .invalidRedirectURI,
            .invalidClientMetadata, .invalidSoftwareStatement, .unsupportedTokenType,
            .invalidDPoPProof, .useDPoPNonce:
            400
        }
    }
}
