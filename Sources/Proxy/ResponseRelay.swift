import HTTP
package import HTTPClient
import MCP
package import ResourceServer

/// Relays one upstream's answer to the client: streams event by event, lists filtered, everything
/// else as it comes.
package final class ResponseRelay {
    enum Mode {
        /// The head of the answer has not come.
        case waiting
        /// Content goes on as it comes.
        case passing
        /// Content is read whole, to be judged.
        case collecting(ResponseHead, [UInt8])
        /// The first event of HTTP+SSE has not come; the client was told nothing yet.
        case opening(ResponseHead, EventStreamParser)
        /// The client was told that its message was taken; the response comes on another stream.
        case discarding
        /// Events are judged one by one.
        case streaming(EventStreamParser)
        case over
    }

    package var upstream: UpstreamConnection?
    /// Told of the seal of the endpoint that a stream of HTTP+SSE named; returns what its requests
    /// ask for.
    package var endpointOpened: (([UInt8]) -> AskedMethods)?

    let request: AuthorizedRequest
    let filter: AnswerFilter
    let sink: any AnswerSink
    let authorizer: Authorizer
    let eventLimit: Int
    private let contentLimit: Int
    let deadline: UInt64
    var mode = Mode.waiting
    var hasResumableEvents = false
    private var hasRelayed = false
    /// Whether a session of the upstream binds the events of the stream.
    private var isOfSession = false
    /// The head of a stream that answers `initialize`, and what came since: held until it is known
    /// which revision the session is of.
    private var heldHead: ResponseHead?
    private var heldEvents: [UInt8] = []

    init(
        _ request: consuming AuthorizedRequest, to sink: any AnswerSink, authorizer: Authorizer,
        eventLimit: Int, contentLimit: Int, deadline: UInt64
    ) {
        filter = AnswerFilter(answering: request, tasks: authorizer.tasks)
        self.request = request
        self.sink = sink
        self.authorizer = authorizer
        self.eventLimit = eventLimit
        self.contentLimit = contentLimit
        self.deadline = deadline
    }

    func start(_ outgoing: UpstreamRequest, over pool: UpstreamPool) {
        pool.send(outgoing, for: self)
    }

    /// Whether the answer is a stream that lasts as long as the client wants it.
    static func isStandingStream(_ request: borrowing AuthorizedRequest) -> Bool {
        request.kind == .stream || request.method == .subscriptionsListen
    }

    /// Whether the answer is a stream that lasts as long as the client wants it.
    package var isStandingStream: Bool { Self.isStandingStream(request) }

    /// The name of the server that was asked.
    package var serverName: String { request.server.name }

    /// The client is gone: the upstream is told by closing, which on 2026-07-28 cancels the request.
    package func clientLeft() {
        mode = .over
        upstream?.cancel()
        upstream = nil
    }

    /// What waited for the client has been written.
    package func clientCaughtUp() {
        if !sink.isBehind { upstream?.resume() }
    }

    /// Ends a stream that would last, in the way of its revision: the gateway stops.
    package func endStanding() {
        guard isStandingStream, case .streaming = mode else { return }
        upstream?.cancel()
        upstream = nil
        endGracefully()
    }

    /// Goes by other rules of the server from now on, and tells a client that subscribed to its lists
    /// which of them may have changed.
    ///
    /// - Parameters:
    ///   - server: the server as it is configured now.
    ///   - now: Unix seconds.
    package func adopt(_ server: ProtectedServer, at now: Int64) {
        guard isStandingStream else { return }
        let changes = filter.adopt(
            server, isObserving: server.observation?.isOpen(at: now) ?? false)
        // Nothing was said yet that could have changed.
        guard case .streaming = mode else { return }
        var wanted = changes
        if request.kind != .stream {
            let asked = try? Message(parsing: request.body, limits: server.jsonLimits)
            wanted = changes.filter { change in asked.map(change.isWanted) ?? false }
        }
        // The acknowledgement of a subscription comes first; what follows it is up to date anyway.
        guard request.kind == .stream || hasRelayed else { return }
        for change in wanted { sink.send(change.event(for: request.id)) }
        sink.flush()
    }

    /// Ends the answer, whatever it is: the grant behind the request was ended.
    package func revoke() {
        upstream?.cancel()
        upstream = nil
        switch mode {
        case .over: break
        case .waiting, .collecting, .opening:
            mode = .over
            sink.answer(authorizer.revoked(request))
        case .passing, .discarding:
            mode = .over
            sink.abort()
        case .streaming where isStandingStream: endGracefully()
        case .streaming:
            mode = .over
            release()
            if let id = request.id {
                let error = GatewayError.denied(reason: "The access token was revoked")
                sink.send(error.answer(for: request.revision.era).event(id: id))
            }
            sink.end()
        }
    }

    // MARK: The head

    func begin(_ head: ResponseHead) {
        sink.note(upstreamStatus: head.status)
        if let failure = ResourceServer.UpstreamFailure(status: head.status) {
            return refuse(failure, kind: .refused)
        }
        if request.endpoint != nil, (200...299).contains(head.status) { return discard(head) }
        if let violation = filter.headViolation(head.fields) {
            return refuse(.broken(detail: violation), kind: .malformed)
        }
        if Self.opensEndpoint(request), (200...299).contains(head.status) { return open(head) }
        if AnswerFilter.isEventStream(head.fields), head.status == 200 {
            mode = .streaming(EventStreamParser(limit: eventLimit))
            isOfSession = request.sessionID != nil || head.fields.has(.mcpSessionID)
            if request.method == .initialize, isOfSession {
                heldHead = head
            } else {
                sink.begin(answerHead(head, length: .open, isStream: true))
            }
        } else if mustInspect(head) {
            mode = .collecting(head, [])
        } else {
            mode = .passing
            sink.begin(answerHead(head, length: Self.length(of: head.framing)))
        }
    }

    /// A list is judged whatever its status; what a client would not read as a message passes.
    private func mustInspect(_ head: ResponseHead) -> Bool {
        guard head.framing != .none, head.framing != .length(0) else { return false }
        let isSuccess = (200...299).contains(head.status)
        switch filter.inspection {
        case .none: return false
        case .short:
            if case .length(let count) = head.framing, count > inspectionLimit { return false }
            return isSuccess && Self.isJSON(head) && !head.fields.has(.contentEncoding)
        case .whole: return isSuccess || Self.isJSON(head)
        }
    }

    private static func isJSON(_ head: ResponseHead) -> Bool {
        guard let type = head.fields.bytes(of: .contentType) else { return false }
        return MediaType.essence(of: type, is: "application/json")
    }

    /// How much of an answer is collected, in bytes.
    private var inspectionLimit: Int {
        switch filter.inspection {
        case .none: 0
        case .short: AnswerFilter.resultLimit
        case .whole: contentLimit
        }
    }

    private static func length(of framing: ResponseFraming) -> AnswerLength {
        switch framing {
        case .none: .none
        case .length(let count): .bytes(count)
        case .chunked, .untilClose: .open
        }
    }

    func answerHead(
        _ head: ResponseHead, length: AnswerLength, isStream: Bool = false,
        negotiated: ProtocolRevision? = nil
    ) -> AnswerHead {
        var lines: [UInt8] = []
        lines.reserveCapacity(256)
        for field in head.fields where RelayedFields.isRelayed(field, among: head.fields) {
            lines.appendField(field)
        }
        let session = authorizer.sealedSessionID(
            of: head.fields, to: request, negotiated: negotiated)
        if let session {
            lines.appendField("Mcp-Session-Id", session)
        }
        if isStream, !head.fields.contains(FieldName(.xAccelBuffering)) {
            // MCP 2026-07-28 basic/transports/streamable-http — proxies in between must not buffer.
            lines.appendField("X-Accel-Buffering", "no")
        }
        return AnswerHead(status: head.status, fieldLines: lines, length: length)
    }

    // MARK: The content

    func receive(_ bytes: UnsafeRawBufferPointer) {
        switch mode {
        case .passing:
            unsafe sink.send(bytes)
        case .collecting(let head, var content):
            mode = .waiting
            unsafe content.append(contentsOf: bytes)
            guard content.count <= inspectionLimit else { return exceed(head, content) }
            mode = .collecting(head, content)
        case .streaming:
            unsafe receiveEvents(bytes)
        case .opening(let head, let parser):
            unsafe receiveEndpoint(bytes, head, parser)
        case .waiting, .discarding, .over: return
        }
        if sink.isBehind { upstream?.pause() }
    }

    /// What is collected has become too large to be judged; the result of a call goes on as it
    /// comes.
    private func exceed(_ head: ResponseHead, _ content: [UInt8]) {
        guard filter.inspection == .short else {
            return refuse(.broken(detail: "an answer over the limit"), kind: .malformed)
        }
        mode = .passing
        sink.begin(answerHead(head, length: Self.length(of: head.framing)))
        sink.send(content)
    }

    func receiveEvents(_ bytes: UnsafeRawBufferPointer) {
        guard case .streaming(var parser) = mode else { return }
        // Moved out and in again, so that what the parser holds is not copied.
        mode = .streaming(EventStreamParser(limit: 0))
        var offset = 0
        do throws(EventStreamViolation) {
            while case .streaming = mode, let event = try unsafe parser.next(bytes, &offset) {
                relay(event)
            }
            if case .streaming = mode { mode = .streaming(parser) }
        } catch {
            endBroken(reason: "the upstream's stream: \(error)")
        }
    }

    private func relay(_ event: EventStreamEvent) {
        guard carriesMessage(event) else { return }
        var event = event
        hasRelayed = hasRelayed || event.data != nil
        if let id = event.id {
            hasResumableEvents = true
            if mustSeal(id) {
                guard let sealed = authorizer.sealedEventID(id, to: request) else {
                    return endBroken(reason: "the upstream's stream: an event id over the limit")
                }
                event = event.identified(as: sealed)
            }
        }
        switch filter.judge(event: event) {
        case .unchanged: pass(event.bytes, of: event)
        case .replaced(let bytes): pass(bytes, of: event)
        case .dropped: break
        case .refused(let reason): endBroken(reason: reason)
        }
    }

    /// Sends an event on, or keeps it while the head is held.
    private func pass(_ bytes: [UInt8], of event: EventStreamEvent) {
        guard heldHead != nil else { return sink.send(bytes) }
        heldEvents += bytes
        let negotiated = filter.negotiatedRevision(in: event.data ?? [])
        if negotiated != nil || heldEvents.count > eventLimit { release(negotiated) }
    }

    /// Gives the held head, sealed with the revision if it is known, and what was kept behind it.
    func release(_ negotiated: ProtocolRevision? = nil) {
        guard let head = heldHead else { return }
        heldHead = nil
        sink.begin(answerHead(head, length: .open, isStream: true, negotiated: negotiated))
        sink.send(heldEvents)
        heldEvents = []
    }

    /// Whether the id of an event must be bound to the caller: no session does.
    ///
    /// An empty id takes the last one back (WHATWG HTML §9.2.6), and on 2026-07-28 nothing is
    /// resumed.
    private func mustSeal(_ id: String) -> Bool {
        request.revision.era == .legacy && !isOfSession && !id.isEmpty
    }

    func judgeContent(_ head: ResponseHead, _ content: [UInt8]) {
        switch filter.judge(content: content, status: head.status) {
        case .unchanged: answer(head, content)
        case .replaced(let content): answer(head, content)
        case .dropped: refuse(.broken(detail: "an answer that may not pass"), kind: .malformed)
        case .refused(let reason): refuse(.broken(detail: reason), kind: .malformed)
        }
    }

    private func answer(_ head: ResponseHead, _ content: [UInt8]) {
        mode = .over
        let negotiated = filter.negotiatedRevision(in: content)
        sink.begin(
            answerHead(head, length: .bytes(content.count), negotiated: negotiated))
        sink.send(content)
        sink.end()
    }
}
