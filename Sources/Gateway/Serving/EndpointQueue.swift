import AuthorizationServer
import Transport

/// The requests to endpoints whose answers one loop waits for.
///
/// The exchange stays here, on its loop; what goes to the task and comes back is a ticket.
final class EndpointQueue {
    /// Requests that one loop works on at a time; the rest is told to come again.
    static let limit = 256

    private var exchanges: [UInt64: Exchange] = [:]
    private var next: UInt64 = 0

    /// Keeps an exchange; nil where too many wait.
    func park(_ exchange: Exchange) -> UInt64? {
        guard exchanges.count < Self.limit else { return nil }
        next += 1
        exchanges[next] = exchange
        return next
    }

    /// The exchange of a ticket, once.
    func take(_ ticket: UInt64) -> Exchange? { exchanges.removeValue(forKey: ticket) }
}

extension LocalAnswer {
    /// The answer of an endpoint; one with a field that cannot be sent is a 500.
    init(_ response: EndpointResponse) {
        var lines: [UInt8] = []
        for field in response.fields {
            // RFC 9110 §5.5 — whatever a value was made of, it stays one line.
            guard field.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                self = .text(500, "the answer could not be sent", reason: "a field of two lines")
                return
            }
            lines += "\(field.name): \(field.value)\r\n".utf8
        }
        self.init(
            status: response.status, fieldLines: lines, body: response.body,
            reason: response.reason)
    }
}
