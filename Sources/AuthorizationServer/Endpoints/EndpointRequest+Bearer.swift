import HTTP
import OAuth

extension EndpointRequest {
    /// The longest token that is read, in bytes.
    static let bearerLimit = 512

    /// The token of `Authorization: Bearer` (RFC 6750 §2.1); nil without one, for another scheme, and
    /// for anything that is no token.
    var bearerToken: String? {
        guard case .present(let token) = BearerToken(of: head), token.count <= Self.bearerLimit
        else { return nil }
        return String(decoding: token, as: UTF8.self)
    }
}

extension EndpointResponse {
    /// 401: the token is missing, or is none that may be used here (RFC 6750 §3).
    static func bearerRefusal(hasToken: Bool, reason: String) -> EndpointResponse {
        let words = "The token is missing, unknown, used up or expired"
        var answer = json(
            OAuthErrorBody(error: "invalid_token", errorDescription: words).bytes, status: 401)
        let error = hasToken ? " error=\"invalid_token\", error_description=\"\(words)\"" : ""
        answer.fields.append(Field("WWW-Authenticate", "Bearer\(error)"))
        answer.reason = reason
        return answer
    }
}
