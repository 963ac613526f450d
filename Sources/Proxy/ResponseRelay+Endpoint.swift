import HTTP
import HTTPClient
import MCP
import ResourceServer

extension ResponseRelay {
    /// Whether the answer is a stream of HTTP+SSE, which names the endpoint for messages first.
    static func opensEndpoint(_ request: borrowing AuthorizedRequest) -> Bool {
        guard request.kind == .stream, case .sse = request.server.transport else { return false }
        return true
    }

    /// Sends an event of the gateway's own, between two of the upstream, on a stream of HTTP+SSE.
    package func deliver(_ event: [UInt8]) {
        // A client that does not read its stream waits for no response on it.
        guard Self.opensEndpoint(request), case .streaming = mode, !sink.isBehind else { return }
        sink.send(event)
        sink.flush()
    }

    /// The client hears nothing until the endpoint was judged, so it can still be answered with 502.
    func open(_ head: ResponseHead) {
        guard head.status == 200, AnswerFilter.isEventStream(head.fields) else {
            return refuse(.broken(detail: "no event stream"), kind: .malformed)
        }
        mode = .opening(head, EventStreamParser(limit: eventLimit))
    }

    /// The response comes on the stream; whatever content says that the message was taken is not
    /// judged and so does not pass.
    func discard(_ head: ResponseHead) {
        mode = .discarding
        sink.begin(answerHead(head, length: head.status == 204 ? .none : .bytes(0)))
    }

    /// Looks for the endpoint in the first event, and goes on with what comes after it.
    func receiveEndpoint(
        _ bytes: UnsafeRawBufferPointer, _ head: ResponseHead, _ opening: EventStreamParser
    ) {
        guard case .sse(let upstream) = request.server.transport else { return }
        mode = .waiting
        var parser = opening
        var offset = 0
        do {
            while let event = try unsafe parser.next(bytes, &offset) {
                guard let endpoint = try MessageEndpoint(opening: event, of: upstream) else {
                    continue
                }
                mode = .streaming(parser)
                announce(endpoint, head)
                return unsafe receiveEvents(UnsafeRawBufferPointer(rebasing: bytes[offset...]))
            }
            mode = .opening(head, parser)
        } catch {
            refuse(.broken(detail: "\(error)"), kind: .malformed)
        }
    }

    private func announce(_ endpoint: MessageEndpoint, _ head: ResponseHead) {
        let (reference, seal) = authorizer.reference(to: endpoint, for: request)
        // Before the client can send anything to it.
        filter.follow(endpointOpened?(seal), at: seal)
        upstream?.setDeadline(deadline)
        sink.begin(answerHead(head, length: .open, isStream: true))
        sink.send(EventStreamEvent.endpoint(reference))
    }

    /// Whether the event is to be judged as a message: on a stream of HTTP+SSE no other one is, and an
    /// endpoint ends it.
    func carriesMessage(_ event: EventStreamEvent) -> Bool {
        guard Self.opensEndpoint(request) else { return true }
        do throws(EndpointViolation) {
            return try event.carriesMessage()
        } catch {
            endBroken(reason: "the upstream's stream: \(error)")
            return false
        }
    }
}
