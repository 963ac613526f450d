import ResourceServer
import Synchronization
import Transport

/// The open streams of HTTP+SSE, by the seal of their endpoint: a message may come on any loop, and
/// its response goes out on the stream's.
///
/// A seal names server, principal and endpoint; of two streams of the same one the newer counts.
final class EndpointStreams: Sendable {
    /// One open stream.
    private struct Entry: Sendable {
        let loop: EventLoop
        let stream: ObjectIdentifier
        let asked: AskedMethods
    }

    private let entries = Mutex<[[UInt8]: Entry]>([:])

    /// How many streams are open.
    var count: Int { entries.withLock { $0.count } }

    /// A stream with that endpoint begins on the loop.
    func insert(_ seal: [UInt8], stream: ObjectIdentifier, on loop: EventLoop) -> AskedMethods {
        let entry = Entry(loop: loop, stream: stream, asked: AskedMethods())
        entries.withLock { $0[seal] = entry }
        return entry.asked
    }

    /// The stream with that endpoint is over.
    func remove(_ seal: [UInt8], stream: ObjectIdentifier) {
        entries.withLock { entries in
            guard entries[seal]?.stream == stream else { return }
            entries[seal] = nil
        }
    }

    /// What the requests of the stream with that endpoint ask for; nil where it is not open here.
    func asked(_ seal: [UInt8]) -> AskedMethods? {
        entries.withLock { $0[seal]?.asked }
    }

    /// Sends the response to a refused message on the stream where its sender waits for it.
    ///
    /// A stream that is open at another replica, or not at all, gets nothing.
    func deliver(_ refusal: Refusal) {
        guard let event = refusal.event, let seal = refusal.endpoint?.seal,
            let entry = entries.withLock({ $0[seal] })
        else { return }
        entry.loop.execute { context in
            (context.resident as? Worker)?.deliver(event, on: entry.stream)
        }
    }
}
