import HTTP
import OAuth

extension EndpointRequest {
    /// The longest token that is read, in bytes.
    static let bearerLimit = 512

    /// The token of `Authorization: Bearer` (RFC 6750 §2.1); nil without one, for another scheme, and
    /// for anything that is no token.
    var bearerToken: String? {
        let fields = head.fields
        guard fields.count(of: .authorization) == 1,
            let value = fields.bytes(of: .authorization),
            let space = value.firstIndex(of: UInt8(ascii: " ")),
            String(decoding: value[..<space], as: UTF8.self).lowercased() == "bearer"
        else { return nil }
        let token = value[space...].dropFirst()
        guard 1...Self.bearerLimit ~= token.count, token.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            return nil
        }
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
