import HTTP
import Transport

/// Answers connections beyond the limit: 503 to their first request, then the end.
final class CrowdedService: Service {
    var isDraining: Bool { true }

    /// Connections that are being told so at once; beyond this they are closed without a word.
    private static let limit = 64
    private var connections: [ObjectIdentifier: ServerConnection] = [:]

    /// Takes care of a connection that was one too many.
    func turnAway(_ connection: ServerConnection) {
        connections[ObjectIdentifier(connection)] = connection
        if connections.count > Self.limit { connection.close() }
    }

    func receivedHead(_ exchange: Exchange) -> Intake {
        var answer = LocalAnswer.text(503, "too many connections", reason: "too many connections")
        answer.fieldLines.appendField("Retry-After", "1")
        return .answer(answer)
    }

    func receivedAll(_ exchange: Exchange) {}

    func finished(_ exchange: Exchange) {}

    func refused(_ refusal: RequestRefusal, from peerHost: String) -> LocalAnswer {
        .text(refusal.status, refusal.text)
    }

    func closed(_ connection: ServerConnection) {
        connections[ObjectIdentifier(connection)] = nil
    }
}
