import Proxy
import ResourceServer
import Transport

// Requests whose fields repeat arguments of a tool that is not known.
extension Worker {
    /// Keeps the request until the tool's definition was asked for, by this loop or another one.
    ///
    /// If the client leaves, it is dropped when its turn comes.
    func park(_ definition: NeededDefinition, _ exchange: Exchange, _ body: [UInt8]) {
        let request = DefinitionQueue.Waiting(
            exchange: exchange, body: body, definition: definition)
        guard let server = exchange.notes.server, let ticket = definitionQueue.park(request) else {
            return refuseToWait(exchange, definition)
        }
        let loop = context.loop
        let wait = definition.wait {
            loop.execute { context in (context.resident as? Worker)?.judgeAgain(ticket) }
        }
        switch wait {
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
            guard definitionQueue.take(ticket) != nil else { return }
            refuseToWait(exchange, definition)
        }
    }

    /// Judges a request that waited from the beginning: its token, too, may have ended.
    private func judgeAgain(_ ticket: UInt64) {
        guard let waiting = definitionQueue.take(ticket) else { return }
        let exchange = waiting.exchange
        guard exchange.isConnected else { return }
        exchange.body = waiting.body
        authorize(exchange)
    }

    /// Answers a request that cannot wait.
    private func refuseToWait(_ exchange: Exchange, _ definition: NeededDefinition) {
        let refusal = definition.overloaded
        exchange.notes.outcome = .refused
        exchange.notes.reason = refusal.reason
        if let server = exchange.notes.server { rule(exchange, refusal.ruling, server) }
        exchange.answer(refusal)
    }
}
