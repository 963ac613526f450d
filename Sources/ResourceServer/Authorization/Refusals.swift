import HTTP
import MCP
import OAuth

/// The answers of the resource server that are no JSON-RPC matter alone.
enum Refusals {
    /// 401 with the challenge that names every scope that a client begins with.
    ///
    /// Without a token the challenge has no error (RFC 6750 §3.1).
    static func unauthorized(
        _ server: ProtectedServer, _ spelling: ProtectedServer.Spelling,
        error: BearerChallenge.ErrorCode?, _ description: String, reason: String
    ) -> Refusal {
        let challenge = BearerChallenge(
            resourceMetadata: server.metadataURL(spelling), scope: server.policy.initialScopes,
            error: error, errorDescription: description)
        return unauthenticated(
            challenge.value, error: (error ?? .invalidToken).rawValue, description, reason: reason)
    }

    /// 401 for a request that used the DPoP scheme; only such requests are told of it.
    static func unproven(
        _ server: ProtectedServer, _ spelling: ProtectedServer.Spelling,
        error: DPoPChallenge.ErrorCode, _ description: String, reason: String
    ) -> Refusal {
        let challenge = DPoPChallenge(
            resourceMetadata: server.metadataURL(spelling), scope: server.policy.initialScopes,
            error: error, errorDescription: description)
        return unauthenticated(
            challenge.value, error: error.rawValue, description, reason: reason)
    }

    /// 401 for a token that was good and is no longer, in the scheme in which it came.
    static func ended(
        _ token: VerifiedAccessToken, _ server: ProtectedServer,
        _ spelling: ProtectedServer.Spelling, _ description: String, reason: String
    ) -> Refusal {
        token.key == nil
            ? unauthorized(server, spelling, error: .invalidToken, description, reason: reason)
            : unproven(server, spelling, error: .invalidToken, description, reason: reason)
    }

    private static func unauthenticated(
        _ challenge: String, error: String, _ description: String, reason: String
    ) -> Refusal {
        let body = OAuthErrorBody(error: error, errorDescription: description)
        return Refusal(
            status: 401, fields: [Refusal.Field(name: "WWW-Authenticate", value: challenge)],
            contentType: "application/json", body: body.bytes, reason: reason,
            ruling: Ruling(.unauthenticated))
    }

    /// 503 where nobody can say now whether the token is good: a 401 would make the client ask for
    /// another one.
    static func unavailable(_ head: RequestHead, reason: String) -> Refusal {
        let error = GatewayError.unavailable(reason: "The access token cannot be checked now")
        return .jsonRPC(
            error.answer(for: ProtocolEra(presumedFrom: head.fields)), id: nil,
            fields: [Refusal.Field(name: "Retry-After", value: "2")], reason: reason,
            ruling: Ruling(.overloaded))
    }

    /// 403 with the challenge for the scopes that the operation needs beside those held, and the
    /// same as JSON-RPC error for the request.
    static func insufficientScope(
        _ token: VerifiedAccessToken, _ server: ProtectedServer,
        _ spelling: ProtectedServer.Spelling, scope: ScopeSet, era: ProtocolEra,
        id: ArraySlice<UInt8>?, ruling: Ruling
    ) -> Refusal {
        let description = "The operation needs more scopes"
        let metadata = server.metadataURL(spelling)
        let challenge =
            token.key == nil
            ? BearerChallenge(
                resourceMetadata: metadata, scope: scope, error: .insufficientScope,
                errorDescription: description
            ).value
            : DPoPChallenge(
                resourceMetadata: metadata, scope: scope, error: .insufficientScope,
                errorDescription: description
            ).value
        let answer = GatewayError.insufficientScope.answer(for: era)
        let data = OAuthErrorBody(
            error: BearerChallenge.ErrorCode.insufficientScope.rawValue,
            errorDescription: description, scope: scope)
        let error = JSONRPCError(
            code: answer.code, message: answer.message, data: data.bytes,
            status: BearerChallenge.ErrorCode.insufficientScope.status)
        return .jsonRPC(
            error, id: id, fields: [Refusal.Field(name: "WWW-Authenticate", value: challenge)],
            reason: "insufficient scope, needs \(scope.text)", ruling: ruling)
    }

    /// 403 for a page of a foreign origin; it may not read the answer.
    static func foreignOrigin() -> Refusal {
        .jsonRPC(
            JSONRPCError(code: 1403, message: "The Origin is not allowed", status: 403), id: nil,
            reason: "foreign origin", ruling: Ruling(.foreignOrigin))
    }
}

extension Refusal {
    /// The answer with the fields that let a page of the origin read it.
    func readable(by origin: ArraySlice<UInt8>?) -> Refusal {
        guard let origin else { return self }
        var result = self
        result.fields += CORSFields.answer(to: origin)
        return result
    }
}
