import HTTP
import Transport

/// Answers commands on the control loop: `POST /reread`, `POST /audit`, and nothing else.
final class ControlService: Service {
    var isDraining = false

    private let context: LoopContext
    /// Reads the state again; calls back on the control loop with whether every loop goes by it.
    private let reread: (@escaping (Bool) -> Void) -> Void
    private var connections: [ObjectIdentifier: ServerConnection] = [:]
    /// Writes the audit line of a command; false where the command must not be carried out.
    private let audit: (AdministratorEvent) -> Bool
    private static let bodyLimit = 8192
    private static let connectionLimit = 16

    init(
        context: LoopContext, audit: @escaping (AdministratorEvent) -> Bool,
        reread: @escaping (@escaping (Bool) -> Void) -> Void
    ) {
        self.context = context
        self.audit = audit
        self.reread = reread
    }

    /// Serves a connection that was accepted.
    func accept(_ descriptor: Int32) {
        let connection = ServerConnection(
            descriptor: descriptor, peerHost: "control", context: context, service: self,
            limits: MessageLimits(), times: ConnectionTimes())
        connections[ObjectIdentifier(connection)] = connection
        if connections.count > Self.connectionLimit { connection.close() }
    }

    func receivedHead(_ exchange: Exchange) -> Intake {
        guard let head = exchange.head, head.path == "/reread" || head.path == "/audit" else {
            return .answer(.text(404, "not found"))
        }
        guard head.method == .post else { return .answer(.text(405, "only POST is answered here")) }
        return .collect(limit: Self.bodyLimit)
    }

    func receivedAll(_ exchange: Exchange) {
        guard exchange.head?.path == "/reread" else { return receivedEvent(exchange) }
        reread { isDone in
            exchange.answer(
                isDone ? LocalAnswer(status: 204) : .text(500, "the state could not be read"))
        }
    }

    private func receivedEvent(_ exchange: Exchange) {
        guard let event = AdministratorEvent(parsing: exchange.body) else {
            return exchange.answer(.text(400, "this is no event"))
        }
        exchange.answer(
            audit(event)
                ? LocalAnswer(status: 204) : .text(503, "the audit log cannot be written"))
    }

    func refused(_ refusal: RequestRefusal, from peerHost: String) -> LocalAnswer {
        .text(refusal.status, refusal.text)
    }

    func finished(_ exchange: Exchange) {}

    func closed(_ connection: ServerConnection) {
        connections[ObjectIdentifier(connection)] = nil
    }
}
