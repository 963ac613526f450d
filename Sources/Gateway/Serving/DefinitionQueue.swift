import ResourceServer

/// The requests of one loop that wait for the definition of a tool.
///
/// The exchange stays here, on its loop; what goes elsewhere and comes back is a ticket.
final class DefinitionQueue {
    /// One request that waits.
    struct Waiting {
        let exchange: Exchange
        let body: [UInt8]
        let definition: NeededDefinition
    }

    /// Requests that wait at a time; the rest is told to come again.
    static let limit = 1024
    /// Bytes of the bodies that wait at a time; the rest is told to come again.
    static let sizeLimit = 64 << 20
    /// How often one request waits: a list may be stale again before its turn comes.
    static let turnLimit = 3

    private var waiting: [UInt64: Waiting] = [:]
    private var size = 0
    private var next: UInt64 = 0

    /// Keeps a request; nil where too many wait, or it waited too often.
    func park(_ request: Waiting) -> UInt64? {
        guard waiting.count < Self.limit, size + request.body.count <= Self.sizeLimit,
            request.exchange.notes.definitionTurns < Self.turnLimit
        else { return nil }
        request.exchange.notes.definitionTurns += 1
        next += 1
        size += request.body.count
        waiting[next] = request
        return next
    }

    /// The request of a ticket, once.
    func take(_ ticket: UInt64) -> Waiting? {
        guard let request = waiting.removeValue(forKey: ticket) else { return nil }
        size -= request.body.count
        return request
    }
}
