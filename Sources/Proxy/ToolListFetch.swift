package import HTTP
package import HTTPClient
import JSON
import MCP
package import ResourceServer

/// Asks an upstream for all of its tools, page by page, on the gateway's own account.
///
/// Everything is bounded: pages, bytes, time. What is not understood to the last page is a failure.
package final class ToolListFetch {
    /// Pages at the most.
    package static let pageLimit = 100
    /// Bytes of all answers at the most.
    package static let sizeLimit = 16 << 20
    /// Nanoseconds for all pages together.
    package static let timeLimit: UInt64 = 10_000_000_000

    package var upstream: UpstreamConnection?

    private enum Content {
        /// No head has come.
        case none
        case json([UInt8])
        case events(EventStreamParser)
    }

    private let target: UpstreamTarget
    private let credentialLine: [UInt8]
    private let pool: UpstreamPool
    private let deadline: UInt64
    private let completion: (ToolListOutcome) -> Void
    private var tools = AnnotatedTools()
    private var query = ToolListQuery(id: 1, cursor: nil)
    private var cursors: Set<String> = []
    private var size = 0
    private var content = Content.none
    private var isOver = false

    /// Begins; `completion` is called once, on the loop.
    ///
    /// - Parameters:
    ///   - target: where the upstream is.
    ///   - credentialLine: the line with the gateway's own credential; empty for none.
    ///   - pool: the loop's connections to it.
    ///   - completion: gets the tools of all pages, or why there are none.
    package static func begin(
        at target: UpstreamTarget, showing credentialLine: [UInt8], over pool: UpstreamPool,
        completion: @escaping (ToolListOutcome) -> Void
    ) {
        ToolListFetch(target, credentialLine, pool, completion).ask()
    }

    private init(
        _ target: UpstreamTarget, _ credentialLine: [UInt8], _ pool: UpstreamPool,
        _ completion: @escaping (ToolListOutcome) -> Void
    ) {
        self.target = target
        self.credentialLine = credentialLine
        self.pool = pool
        self.completion = completion
        deadline = pool.now &+ Self.timeLimit
    }

    private func ask() {
        content = .none
        let request = GatewayRequest(
            query, to: target, showing: credentialLine, deadline: deadline)
        pool.send(request.outgoing, for: self)
    }

    // MARK: One answer

    private func begin(_ head: ResponseHead) {
        if let failure = ResourceServer.UpstreamFailure(status: head.status) {
            return finish(.failed(failure))
        }
        guard head.status == 200 else { return fail("answered \(head.status) to tools/list") }
        if let coding = head.fields[.contentEncoding], coding.lowercased() != "identity" {
            return fail("encoded the answer to tools/list")
        }
        content =
            AnswerFilter.isEventStream(head.fields)
            ? .events(EventStreamParser(limit: Self.sizeLimit)) : .json([])
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) {
        size += bytes.count
        guard size <= Self.sizeLimit else { return fail("too long a list of tools") }
        switch content {
        case .none: return
        case .json(var text):
            content = .none
            unsafe text.append(contentsOf: bytes)
            content = .json(text)
        case .events(var parser):
            content = .none
            var offset = 0
            do throws(EventStreamViolation) {
                while !isOver, let event = try unsafe parser.next(bytes, &offset) {
                    if let data = event.data, take(event: data) { return }
                }
            } catch {
                return fail("the stream of the tools: \(error)")
            }
            content = .events(parser)
        }
    }

    /// Takes an event's data; true where it was the answer.
    private func take(event data: [UInt8]) -> Bool {
        guard !data.isEmpty,
            let message = try? Message(
                parsing: data, from: .server, limits: AnswerFilter.limits),
            message.id == .integer(Int64(query.id))
        else { return false }
        // The answer has come; whether the stream goes on is of no interest.
        upstream?.cancel()
        upstream = nil
        take(message)
        return true
    }

    private func end() {
        switch content {
        case .none: break
        case .events: fail("the stream of the tools ended without them")
        case .json(let text):
            do throws(MalformedMessage) {
                let message = try Message(
                    parsing: text, from: .server, limits: AnswerFilter.limits)
                guard message.id == .integer(Int64(query.id)) else {
                    return fail("answered another request than tools/list")
                }
                take(message)
            } catch {
                fail("the answer to tools/list is no message: \(error.violation)")
            }
        }
    }

    private func take(_ message: Message) {
        guard !isOver else { return }
        let list: ListResult?
        do throws(ListViolation) {
            list = try ListResult(in: message, answering: .toolsList)
        } catch {
            return fail("the list of tools cannot be understood: \(error)")
        }
        guard let list else { return fail("answered tools/list with an error") }
        tools.add(list)
        switch list.nextPage {
        case .none: finish(.listed(tools))
        case .unreadable: fail("the cursor of the tools is no string")
        case .cursor(let cursor):
            guard cursors.insert(cursor).inserted else { return fail("the tools go round") }
            guard cursors.count < Self.pageLimit else { return fail("too many pages of tools") }
            query = ToolListQuery(id: query.id + 1, cursor: cursor)
            ask()
        }
    }

    // MARK: The end

    private func fail(_ detail: String) { finish(.failed(.broken(detail: detail))) }

    private func finish(_ outcome: ToolListOutcome) {
        guard !isOver else { return }
        isOver = true
        upstream?.cancel()
        upstream = nil
        completion(outcome)
    }
}

extension ToolListFetch: UpstreamReceiver {
    package func upstreamAnswered(_ head: ResponseHead) { begin(head) }

    package func upstreamSent(_ bytes: UnsafeRawBufferPointer) { unsafe receive(bytes) }

    package func upstreamPaused() {}

    package func upstreamEnded() { end() }

    package func upstreamFailed(_ failure: HTTPClient.UpstreamFailure) {
        finish(.failed(failure.answer))
    }
}
