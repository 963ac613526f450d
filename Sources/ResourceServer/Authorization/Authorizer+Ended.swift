import HTTP

extension Authorizer {
    /// The answer to a request whose access token ended in the moment in which it was still taken,
    /// where no identity token can be made from it.
    package func expired(_ request: borrowing AuthorizedRequest) -> Refusal {
        Refusals.ended(
            request.token, request.server, request.server.spelling(of: request.head),
            "The access token expired", reason: "token expired, no identity token"
        ).readable(by: request.head.fields.bytes(of: .origin))
    }
}
