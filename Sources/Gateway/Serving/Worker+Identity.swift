import MCP
import Proxy
import ResourceServer

extension Worker {
    /// The line with the gateway's credential for a request, at `now` in Unix seconds.
    ///
    /// - Returns: nil for a request that cannot say who acts; it was answered, and does not reach
    ///   the upstream.
    func credential(
        of server: ServedServer, for request: borrowing AuthorizedRequest, _ exchange: Exchange,
        at now: Int64, _ exchanged: ExchangedCredential
    ) -> [UInt8]? {
        if case .line(let line) = exchanged { return line }
        let refusal: Refusal
        do throws(IdentityTokenFailure) {
            return try server.credential.line(for: request, from: identities, at: now)
        } catch {
            switch error {
            case .accessTokenEnded:
                refusal = server.authorizer.expired(request)
                exchange.extraFieldLines = []
            case .signing(let cause):
                let error = GatewayError.unavailable(reason: "the request could not be signed")
                refusal = .jsonRPC(
                    error.answer(for: request.revision.era), id: request.id,
                    reason: "no identity token: \(cause)", ruling: Ruling(.overloaded))
            }
        }
        exchange.notes.outcome = .refused
        exchange.notes.reason = refusal.reason
        rule(exchange, refusal.ruling, server)
        exchange.answer(refusal)
        return nil
    }
}
