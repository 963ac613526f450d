import MCP
import Proxy
import ResourceServer
import Transport

extension Worker {
    /// Counts a request in at every limit that it meets; where one was reached it is answered, counts
    /// nowhere, and this is false.
    func admit(
        _ exchange: Exchange, _ request: borrowing AuthorizedRequest, to server: ServedServer
    ) -> Bool {
        let admission = server.admission.admit(
            request.token, tool: request.target.tool, isStanding: request.kind.isStanding,
            at: context.now)
        switch admission {
        case .limited(let limit, let wait):
            refuse(exchange, request, server, limit, retryAfterMilliseconds: wait)
            return false
        case .admitted(let permit):
            guard server.enter() else {
                permit.giveBack()
                refuseOverloaded(exchange, request, server)
                return false
            }
            exchange.notes.permit = permit
            exchange.notes.isInFlight = true
            return true
        }
    }

    private func refuse(
        _ exchange: Exchange, _ request: borrowing AuthorizedRequest, _ server: ServedServer,
        _ limit: ServerAdmission.Limit, retryAfterMilliseconds wait: Int
    ) {
        exchange.notes.outcome = .refused
        exchange.notes.reason = limit.reason
        rule(exchange, Ruling(.denied), server)
        let error = GatewayError.limited(retryAfterMilliseconds: wait)
            .answer(for: request.revision.era)
        let seconds = Refusal.Field(name: "Retry-After", value: "\((wait + 999) / 1000)")
        var refusal = Refusal.jsonRPC(
            error, id: request.id, fields: [seconds], reason: limit.reason)
        // RFC 6585 §4, where no JSON-RPC request waits for an answer.
        if request.id == nil { refusal.status = 429 }
        refusal.endpoint = request.endpoint
        exchange.answer(refusal)
        share.endpointStreams.deliver(refusal)
    }

    private func refuseOverloaded(
        _ exchange: Exchange, _ request: borrowing AuthorizedRequest, _ server: ServedServer
    ) {
        exchange.notes.outcome = .refused
        exchange.notes.reason = "too many requests are under way"
        rule(exchange, Ruling(.overloaded), server)
        let error = GatewayError.unavailable(reason: "too many requests are under way")
        exchange.answer(
            .jsonRPC(
                error.answer(for: request.revision.era), id: request.id,
                fields: [Refusal.Field(name: "Retry-After", value: "1")],
                reason: "too many requests are under way"))
    }
}

extension MessageTarget {
    /// The tool that is called, also by a notification, which an upstream might obey.
    fileprivate var tool: ArraySlice<UInt8>? {
        switch self {
        case .tool(let name): name
        case .none, .prompt, .resource, .completionOfPrompt, .completionOfResource, .task,
            .subscription:
            nil
        }
    }
}

extension AuthorizedRequest.Kind {
    /// Whether it is no POST: a stream, or the end of a session.
    fileprivate var isStanding: Bool {
        switch self {
        case .stream, .sessionEnd: true
        case .call, .notification, .response: false
        }
    }
}
