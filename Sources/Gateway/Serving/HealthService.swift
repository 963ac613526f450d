import HTTP
import Transport

/// Answers `/livez`, `/readyz` and `/metrics`, and nothing else, on the control loop.
final class HealthService: Service {
    /// Whether the workers accept requests.
    var isReady = false
    var isDraining = false
    /// Whether requests are refused, since the audit log cannot be written.
    var isUnaudited: () -> Bool = { false }

    /// The issuers whose keys were never got, so that their tokens cannot be judged.
    var unknownIssuers: () -> [String] = { [] }

    private let context: LoopContext
    private let collect: (@escaping ([UInt8]) -> Void) -> Void
    private var connections: [ObjectIdentifier: ServerConnection] = [:]
    private static let bodyLimit = 1024
    private static let connectionLimit = 64

    /// `collect` gathers the figures of all loops and gives the text on the control loop.
    init(context: LoopContext, collect: @escaping (@escaping ([UInt8]) -> Void) -> Void) {
        self.context = context
        self.collect = collect
    }

    /// Serves a connection that was accepted.
    func accept(_ descriptor: Int32, _ peer: SocketAddress) {
        let connection = ServerConnection(
            descriptor: descriptor, peerHost: peer.host, context: context, service: self,
            limits: MessageLimits(), times: ConnectionTimes())
        connections[ObjectIdentifier(connection)] = connection
        if connections.count > Self.connectionLimit { connection.close() }
    }

    func receivedHead(_ exchange: Exchange) -> Intake {
        guard let head = exchange.head else { return .answer(.text(400, "bad request")) }
        guard head.method == .get || head.method == .head else {
            return .answer(.text(405, "only GET is answered here"))
        }
        switch head.path {
        case "/livez": return .answer(.text(200, "alive"))
        case "/readyz":
            guard isReady, !isDraining else { return .answer(.text(503, "not ready")) }
            guard !isUnaudited() else {
                return .answer(.text(503, "not ready: the audit log cannot be written"))
            }
            // The other servers can be served, so this is no reason to send nobody here.
            let lines = unknownIssuers().map { "\nno keys yet of the issuer \($0)" }
            return .answer(.text(200, "ready" + lines.joined()))
        case "/metrics": return .collect(limit: Self.bodyLimit)
        default: return .answer(.text(404, "not found"))
        }
    }

    func receivedAll(_ exchange: Exchange) {
        collect { text in
            var lines: [UInt8] = []
            lines.appendField("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            exchange.answer(LocalAnswer(status: 200, fieldLines: lines, body: text))
        }
    }

    func refused(_ refusal: RequestRefusal, from peerHost: String) -> LocalAnswer {
        .text(refusal.status, refusal.text)
    }

    func finished(_ exchange: Exchange) {}

    func closed(_ connection: ServerConnection) {
        connections[ObjectIdentifier(connection)] = nil
    }
}
