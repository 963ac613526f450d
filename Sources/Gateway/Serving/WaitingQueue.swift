/// The requests of one loop that wait for something to be fetched: what their token is judged by, the
/// definition of a tool, or the credential for the upstream.
///
/// The exchange stays here, on its loop; what goes elsewhere and comes back is a ticket.
final class WaitingQueue {
    /// How far a request had come.
    enum Stage {
        /// Its head was looked at; its content is not read on.
        case head
        /// This is its content.
        case content([UInt8])
    }

    /// One request that waits.
    struct Waiting {
        let exchange: Exchange
        let stage: Stage

        /// What it takes of the room, in bytes: of content that comes, a connection keeps so much.
        fileprivate var size: Int {
            switch stage {
            case .head: ServerConnection.pipelineLimit
            case .content(let body): body.count
            }
        }
    }

    /// Requests that wait at a time; the rest is told to come again.
    static let limit = 1024
    /// Bytes of the content that waits at a time; the rest is told to come again.
    static let sizeLimit = 64 << 20
    /// How often one request waits: for its token, for a definition that may be stale again before
    /// its turn comes, and for a credential.
    static let turnLimit = 5

    private var waiting: [UInt64: Waiting] = [:]
    private var size = 0
    private var next: UInt64 = 0

    /// How many requests wait.
    var count: Int { waiting.count }

    /// Keeps a request; nil where too many wait, or it waited too often.
    func park(_ exchange: Exchange, _ stage: Stage) -> UInt64? {
        let request = Waiting(exchange: exchange, stage: stage)
        guard waiting.count < Self.limit, size + request.size <= Self.sizeLimit,
            exchange.notes.turns < Self.turnLimit
        else { return nil }
        exchange.notes.turns += 1
        next += 1
        exchange.notes.ticket = next
        size += request.size
        waiting[next] = request
        return next
    }

    /// The request of a ticket, once; nil where it was taken already, or its client left.
    func take(_ ticket: UInt64) -> Waiting? {
        guard let request = waiting.removeValue(forKey: ticket) else { return nil }
        size -= request.size
        request.exchange.notes.ticket = nil
        return request
    }
}
