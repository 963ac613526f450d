import Cryptography
import MCP
import Proxy
import ResourceServer
import Transport

/// What there is to show to an upstream that is shown a token of its own audience.
enum ExchangedCredential {
    /// The upstream is shown something else, or nothing.
    case none
    /// The line with the token, its CRLF included.
    case line([UInt8])
    /// The request waits, or was answered.
    case notNow
}

// Requests that cannot be judged or forwarded before something was fetched.
extension Worker {
    /// Keeps a request whose token cannot be judged yet; its content is not read on meanwhile, so that
    /// nobody makes the gateway hold what no token pays for, and a large request of somebody whose
    /// token is good comes through all the same.
    ///
    /// If the client leaves, it is dropped.
    func wait(for token: UnjudgedToken, _ exchange: Exchange, _ server: ServedServer) -> Intake {
        guard let issuer = server.issuer,
            let ticket = waitingQueue.park(exchange, .head)
        else { return refuseToWait(exchange, token.overloaded, server) }
        switch token.wait(wake: wake(ticket)) {
        case .underWay: return .wait
        case .ask:
            fetch { await issuer.fetch(token.need) }
            return .wait
        case .settled:
            guard waitingQueue.take(ticket) != nil, let head = exchange.head else { return .wait }
            return authenticate(exchange, head, server)
        case .refused:
            _ = waitingQueue.take(ticket)
            return refuseToWait(exchange, token.overloaded, server)
        }
    }

    private func refuseToWait(
        _ exchange: Exchange, _ refusal: Refusal, _ server: ServedServer
    ) -> Intake {
        exchange.notes.outcome = .refused
        rule(exchange, refusal.ruling, server)
        return .answer(LocalAnswer(refusal))
    }

    /// Keeps the request until the tool's definition was asked for, by this loop or another one.
    func park(_ definition: NeededDefinition, _ exchange: Exchange, _ body: [UInt8]) {
        guard let server = exchange.notes.server,
            let ticket = waitingQueue.park(exchange, .content(body))
        else { return refuse(exchange, definition.overloaded) }
        switch definition.wait(wake: wake(ticket)) {
        case .underWay: break
        case .ask(let generation):
            let schemas = server.protected.toolSchemas
            ToolListFetch.begin(
                at: server.forwarder.target, showing: server.credential.ownLine,
                over: pool(of: server)
            ) {
                schemas.finish($0, of: generation)
            }
        case .settled: judgeAgain(ticket)
        case .refused:
            guard waitingQueue.take(ticket) != nil else { return }
            refuse(exchange, definition.overloaded)
        }
    }

    /// The line with a token of the upstream's audience, at a server whose upstream is shown one.
    ///
    /// A request that waits for it is judged again, and one for which there is none was answered.
    func exchangedCredential(
        _ exchange: Exchange, _ request: borrowing AuthorizedRequest, _ server: ServedServer,
        _ body: [UInt8]
    ) -> ExchangedCredential {
        guard case .exchanged(let field, let line) = server.credential else { return .none }
        let key = line.key(for: request)
        let refusal: Refusal
        switch line.exchange.tokens.outcome(for: key) {
        case .token(let token): return .line(field.line(token.bytes))
        case .refused(let reason): refusal = Self.refused(request, reason)
        case .unreachable(let reason): refusal = Self.unreachable(request, reason)
        case nil:
            guard let ticket = waitingQueue.park(exchange, .content(body)) else {
                refuse(exchange, Self.unreachable(request, "too many requests wait for tokens"))
                return .notNow
            }
            switch line.exchange.tokens.wait(for: key, wake: wake(ticket)) {
            case .underWay: return .notNow
            case .ask:
                let (access, protected) = (request.token, server.protected)
                let subject = line.subject(of: request)
                fetch {
                    await line.exchange.perform(key, subject: subject, of: access, at: protected)
                }
                return .notNow
            case .settled:
                judgeAgain(ticket)
                return .notNow
            case .refused:
                _ = waitingQueue.take(ticket)
                refusal = Self.unreachable(request, "too many tokens are being exchanged")
            }
        }
        refuse(exchange, refusal)
        return .notNow
    }

    /// The provider gives no token: not the client's fault, and nothing that it can mend.
    private static func refused(
        _ request: borrowing AuthorizedRequest, _ reason: String
    ) -> Refusal {
        let error = GatewayError.upstreamFailed(
            reason: "The gateway was given no access to the server for this caller")
        return .jsonRPC(
            error.answer(for: request.revision.era), id: request.id,
            reason: "no token for the upstream: \(reason)", ruling: request.ruling)
    }

    private static func unreachable(
        _ request: borrowing AuthorizedRequest, _ reason: String
    ) -> Refusal {
        let error = GatewayError.unavailable(
            reason: "The gateway cannot get access to the server now")
        return .jsonRPC(
            error.answer(for: request.revision.era), id: request.id,
            fields: [Refusal.Field(name: "Retry-After", value: "5")],
            reason: "no token for the upstream: \(reason)", ruling: Ruling(.overloaded))
    }

    /// What brings a request back to this loop.
    private func wake(_ ticket: UInt64) -> @Sendable () -> Void {
        let loop = context.loop
        return { loop.execute { context in (context.resident as? Worker)?.judgeAgain(ticket) } }
    }

    /// Works on this loop, which goes on meanwhile.
    private func fetch(_ work: @escaping @Sendable () async -> Void) {
        Task(executorPreference: context.loop, operation: work)
    }

    /// Judges a request that waited from the beginning: its token, too, may have ended.
    private func judgeAgain(_ ticket: UInt64) {
        guard let waiting = waitingQueue.take(ticket) else { return }
        let exchange = waiting.exchange
        guard exchange.isConnected else { return }
        switch waiting.stage {
        case .head:
            guard let head = exchange.head, let server = exchange.notes.server else { return }
            exchange.proceed(with: authenticate(exchange, head, server))
        case .content(let body):
            exchange.body = body
            authorize(exchange)
        }
    }

    /// Answers a request that cannot wait, or that waited in vain.
    private func refuse(_ exchange: Exchange, _ refusal: Refusal) {
        exchange.notes.outcome = .refused
        exchange.notes.reason = refusal.reason
        if let server = exchange.notes.server { rule(exchange, refusal.ruling, server) }
        exchange.answer(refusal)
    }
}
