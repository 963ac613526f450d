import OAuth

/// The answer to the client, which the browser carries to its redirect URI (RFC 6749 §4.1.2).
struct AuthorizationResponse: Sendable {
    /// Where it goes: found among the client's own before.
    var redirectURI: RedirectURI
    /// The `state` of the request.
    var state: String?
    /// The issuer, unless the operator switched it off (RFC 9207 §2).
    var issuer: String?

    /// A code was issued.
    func code(
        _ code: String, fields: [EndpointResponse.Field] = []
    ) -> EndpointResponse {
        redirection([("code", code)], fields, reason: nil)
    }

    /// Nothing was granted (RFC 6749 §4.1.2.1).
    func error(
        _ error: OAuthError, fields: [EndpointResponse.Field] = []
    ) -> EndpointResponse {
        guard error.mayTravelByRedirect else {
            return Notice.requestMalformed.response(fields: fields, reason: error.privateReason)
        }
        return redirection(
            [("error", error.code.rawValue), ("error_description", error.publicDescription)],
            fields, reason: error.privateReason)
    }

    /// 303, so that a form's content is never sent to the client (RFC 9700 §4.12).
    private func redirection(
        _ parameters: [(String, String)], _ fields: [EndpointResponse.Field], reason: String?
    ) -> EndpointResponse {
        var parameters = parameters
        // RFC 6749 §4.1.2 — required if the request had one, and exactly as it came.
        if let state { parameters.append(("state", state)) }
        // RFC 9207 §2 — in error responses too.
        if let issuer { parameters.append(("iss", issuer)) }
        return Page.redirection(
            to: redirectURI.appending(query: parameters), fields: fields, reason: reason)
    }
}
