import AuthorizationServer
import HTTP
import Transport

// Endpoints of the authorization server.
extension Worker {
    /// Lets the endpoint work out its answer, which may take a database or a password's hash; the
    /// loop goes on meanwhile.
    func respond(_ exchange: Exchange, _ endpoint: PublicEndpoint) {
        guard let service = snapshot.authorization, let head = exchange.head else {
            return exchange.answer(.text(404, "nothing is served at this path"))
        }
        guard !(endpoint.needsAudit(head.method) && mustRefuseUnaudited()) else {
            exchange.notes.outcome = .refused
            exchange.notes.isUnaudited = true
            return exchange.answer(LocalAnswer(.unaudited(isPage: endpoint.isPage)))
        }
        guard let ticket = endpointQueue.park(exchange) else {
            var answer = LocalAnswer.text(503, "too many requests are under way")
            answer.fieldLines.appendField("Retry-After", "1")
            return exchange.answer(answer)
        }
        let request = EndpointRequest(
            head: head, body: exchange.body, clientAddress: exchange.peerHost,
            nowMilliseconds: Int64(Clock.wall / 1_000_000))
        exchange.body = []
        let (loop, share) = (context.loop, share)
        let answering: @Sendable () async -> Void = {
            let response = await service.respond(endpoint, to: request)
            // Whoever is told that access ended can rely on it.
            await share.end(response.endedGrants, lifetime: service.options.accessLifetime)
            loop.execute { context in
                (context.resident as? Worker)?.answer(ticket, response)
            }
        }
        Task(executorPreference: loop, operation: answering)
    }

    private func answer(_ ticket: UInt64, _ response: EndpointResponse) {
        guard let exchange = endpointQueue.take(ticket) else { return }
        exchange.notes.endpointClient = response.clientID
        exchange.notes.endpointSubject = response.subject
        if response.status >= 400 { exchange.notes.outcome = .refused }
        // Before the answer: who is told of something finds it in the log, whoever hangs up.
        audit(response, exchange)
        exchange.answer(LocalAnswer(response))
    }
}
