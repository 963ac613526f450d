import HTTP

/// What must hold of an authorization request before anything of it is used, in the order of RFC
/// 6749 §4.1.1 and its extensions.
enum AuthorizationRequestCheck: CaseIterable {
    /// Nothing that is read occurs twice, `resource` aside (RFC 6749 §3.1).
    case singleParameters
    /// The `state` can be carried.
    case carriableState
    /// The request is all here, neither in a JWT nor at another place (RFC 9101 §5).
    case noRequestObject
    /// A code is asked for (RFC 6749 §3.1.1).
    case responseTypeCode
    /// The answer is to be a query (OAuth 2.0 Multiple Response Types §2.1).
    case responseModeQuery

    private static let singles = [
        "response_type", "response_mode", "state", "scope", "code_challenge",
        "code_challenge_method", "request", "request_uri", "dpop_jkt",
    ]

    /// Passes a request, or says what is wrong with it.
    func pass(_ form: FormParameters) throws(OAuthError) {
        switch self {
        case .singleParameters:
            for name in Self.singles { _ = try form.one(name) }
        case .carriableState:
            _ = try form.state()
        case .noRequestObject:
            guard try form.one("request") == nil else {
                throw OAuthError(.requestNotSupported, "Request objects are not supported")
            }
            guard try form.one("request_uri") == nil else {
                throw OAuthError(.requestURINotSupported, "Request URIs are not supported")
            }
        case .responseTypeCode:
            guard let type = try form.one("response_type") else {
                throw OAuthError(.invalidRequest, "The response_type is missing")
            }
            guard type == "code" else {
                throw OAuthError(.unsupportedResponseType, "The response_type must be code")
            }
        case .responseModeQuery:
            guard try form.one("response_mode") ?? "query" == "query" else {
                throw OAuthError(.invalidRequest, "The response_mode must be query")
            }
        }
    }
}
