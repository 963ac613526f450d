package import HTTP
package import JSON
package import MCP

/// Takes out of a server's answers what the caller may not see, and seals what binds to the caller.
///
/// Made for one request or stream. Lists are known by the method that was asked, and by their shape
/// wherever that says nothing, so a list that arrives on another stream is filtered too.
///
/// An object, since it is asked several times for every answer and copying what it knows would cost
/// more than the answers.
package final class AnswerFilter {
    /// The limits of JSON in answers: the upstream is the operator's, and results are large.
    package static let limits = JSONLimits(depth: 128, members: 1_000_000, nameLength: 65_536)
    /// The largest result of a call, in bytes, that is looked at; what is larger goes on as it comes.
    package static let resultLimit = 256 << 10

    /// How much of a JSON answer must be read before any of it goes on.
    package enum Inspection: Sendable, Equatable {
        /// Nothing: it is the caller's affair.
        case none
        /// All of it, unless it is larger than ``AnswerFilter/resultLimit``: so no small answer reaches
        /// a request that it does not answer, and a task that it makes is sealed.
        case short
        /// All of it, whatever its size.
        case whole
    }

    private var server: ProtectedServer
    /// What the token's scopes mean at the server.
    private var scopes: EffectiveScopes
    private let token: VerifiedAccessToken
    private let revision: ProtocolRevision
    private let method: MCPMethod?
    private let messageID: MessageID?
    /// The id of the request as it was written.
    private let id: ArraySlice<UInt8>?
    private var isObserving: Bool
    private let tasks: TaskRewriter
    private var asked: AskedMethods?

    /// How much of a JSON answer must be read and judged before any of it goes on.
    package let inspection: Inspection

    /// A filter for the answer to a request, with the seals for the ids of tasks.
    package init(answering request: borrowing AuthorizedRequest, tasks: TaskSeals) {
        server = request.server
        scopes = request.token.effectiveScopes
        token = request.token
        revision = request.revision
        method = request.method
        messageID = request.messageID
        id = request.id
        isObserving = request.isObserving
        inspection = Self.inspection(
            of: request.messageID == nil ? nil : request.method, revision: request.revision)
        self.tasks = TaskRewriter(
            tasks: tasks, token: request.token, asked: request.task,
            origin: request.mayMakeTask ? TaskOrigin(of: request) : nil,
            session: request.sessionID,
            policy: request.server.policy, scopes: request.token.effectiveScopes,
            isObserving: request.isObserving)
    }

    /// Judges by other rules of the same server from now on, for a stream that outlives a reload.
    ///
    /// - Parameters:
    ///   - server: the server as it is configured now.
    ///   - isObserving: whether it is in observe mode.
    /// - Returns: the lists that may look different now.
    package func adopt(_ server: ProtectedServer, isObserving: Bool) -> [ListChange] {
        let changes =
            isObserving == self.isObserving && server.visibility == self.server.visibility
            ? self.server.policy.changedLists(to: server.policy) : ListChange.allCases
        self.server = server
        self.isObserving = isObserving
        scopes = token.effectiveScopes(under: server.policy)
        tasks.policy = server.policy
        tasks.scopes = scopes
        tasks.isObserving = isObserving
        return changes
    }

    /// Follows the requests whose responses come on this stream, which is that of the endpoint
    /// with the seal.
    package func follow(_ asked: AskedMethods?, at seal: [UInt8]) {
        self.asked = asked
        tasks.session = seal
    }

    /// What must be read of the answer to a request of that method; nil where nothing is answered.
    private static func inspection(
        of method: MCPMethod?, revision: ProtocolRevision
    ) -> Inspection {
        guard let method else { return .none }
        switch method.requirement {
        case .list, .task: return .whole
        case .token, .tool, .prompt, .resource, .completion, .subscription, .methodScope:
            return hasPrivateResult(method, revision) ? .whole : .short
        }
    }

    /// Why the head of an answer makes its content one that cannot be judged; nil where it can.
    ///
    /// Upstreams are asked for no coding; one that codes what must be filtered is broken.
    package func headViolation(_ fields: Fields) -> String? {
        guard inspection == .whole || Self.isEventStream(fields),
            fields.contains(.contentEncoding)
        else { return nil }
        let codings = fields.values(of: .contentEncoding).joined(separator: ", ").lowercased()
        return codings == "identity" ? nil : "the upstream encoded an answer that must be judged"
    }

    /// Whether the content is a stream of server-sent events.
    package static func isEventStream(_ fields: Fields) -> Bool {
        guard let type = fields.bytes(of: .contentType) else { return false }
        return MediaType.essence(of: type, is: "text/event-stream")
    }

    /// The verdict on the JSON content of an answer.
    ///
    /// Servers that refuse a request before they read it name an id of their own in the error, so
    /// with a status of failure any error passes.
    ///
    /// - Parameters:
    ///   - content: the content.
    ///   - status: the status that it came with.
    /// - Returns: what becomes of it.
    package func judge(content: [UInt8], status: Int = 200) -> FilteredAnswer {
        if let known = knownList(content) { return known }
        let message: Message
        do throws(MalformedMessage) {
            message = try Message(parsing: content, from: .server, limits: Self.limits)
        } catch {
            return .refused(reason: "the upstream's answer is no message: \(error.violation)")
        }
        let isRefusal = message.error != nil && !(200...299).contains(status)
        guard case .response(let id) = message.kind,
            id == messageID || id == .null || isRefusal
        else { return .refused(reason: "the upstream's answer is not one to this request") }
        return judge(message, answering: method, listing: method)
    }

    /// The revision that the answer to `initialize` settles on; nil for any other content.
    package func negotiatedRevision(in content: [UInt8]) -> ProtocolRevision? {
        guard method == .initialize else { return nil }
        let message = try? Message(parsing: content, from: .server, limits: Self.limits)
        return message?.negotiatedRevision
    }

    /// The verdict on one event of a stream: that of the request, a GET stream or a resumed one.
    package func judge(event: EventStreamEvent) -> FilteredAnswer {
        // A comment, a retry or the priming event of 2025-11-25 carries no message.
        guard let data = event.data, !data.isEmpty else { return .unchanged }
        if let known = knownList(data) { return known.rewritten(in: event) }
        let message: Message
        do throws(MalformedMessage) {
            message = try Message(parsing: data, from: .server, limits: Self.limits)
        } catch {
            // Neither method nor result nor error, nor a twin of them: there is nothing to see.
            if error.violation == .methodMissing { return .unchanged }
            return .refused(reason: "the upstream's event is no message: \(error.violation)")
        }
        var answered: MCPMethod?
        var elsewhere: MCPMethod?
        if case .response(let id) = message.kind {
            if id == messageID { answered = method }
            elsewhere = asked?.take(id)
        }
        return judge(message, answering: answered, listing: answered ?? elsewhere)
            .rewritten(in: event)
    }

    /// What beside its bytes decides on the list that was asked for; nil where none was.
    private var listConditions: FilteredLists.Conditions? {
        guard let method, case .list(let kind) = method.requirement else { return nil }
        return FilteredLists.Conditions(
            kind: kind, era: revision.era,
            shown: isObserving ? nil : scopes.shown(by: server.visibility))
    }

    /// The verdict on a list that was judged before.
    private func knownList(_ content: [UInt8]) -> FilteredAnswer? {
        guard let id, let conditions = listConditions,
            let known = server.filteredLists.known(content, id: id, under: conditions)
        else { return nil }
        if let tools = known.tools { server.toolSchemas.learn(tools) }
        return known.answer
    }

    /// The verdict on a message of the server; without a method the shape decides.
    ///
    /// A method that is only listed says what a list is, not what a task is of.
    private func judge(
        _ message: Message, answering method: MCPMethod?, listing listed: MCPMethod?
    ) -> FilteredAnswer {
        if message.kind == .notification {
            if message.method == .toolsListChangedNotification { server.toolSchemas.invalidate() }
            if let verdict = judge(notification: message) { return verdict }
        }
        guard let sealed = tasks.rewritten(message, answering: method) else {
            return judge(result: message, answering: listed, isAsSent: true)
        }
        // Read anew, so that what follows judges the bytes that go on.
        let rewritten: Message
        do throws(MalformedMessage) {
            rewritten = try Message(parsing: sealed, from: .server, limits: Self.limits)
        } catch {
            return .refused(reason: "a task id cannot be sealed: \(error.violation)")
        }
        let verdict = judge(result: rewritten, answering: listed)
        return verdict == .unchanged ? .replaced(sealed) : verdict
    }

    /// The verdict on a notification that names something; nil for others.
    private func judge(notification message: Message) -> FilteredAnswer? {
        switch message.method {
        case .resourceUpdatedNotification:
            guard !isObserving else { return nil }
            guard case .resource(let uri) = message.target,
                server.policy.decide(.resource(uri: uri), for: scopes) == .allow
            else { return .dropped }
            return nil
        case .taskNotification, .taskStatusNotification:
            return tasks.judge(notification: message)
        default:
            return nil
        }
    }

    /// The verdict on a result; without a method the shape decides.
    private func judge(
        result message: Message, answering method: MCPMethod?, isAsSent: Bool = false
    ) -> FilteredAnswer {
        guard message.result != nil else { return .unchanged }
        var asked: MCPMethod?
        if let method, case .list = method.requirement { asked = method }
        let list: ListResult?
        do throws(ListViolation) {
            list = try ListResult(in: message, answering: asked)
        } catch {
            return .refused(reason: "the upstream's list cannot be understood: \(error)")
        }
        if let list {
            // In full, before anything is taken out; earlier revisions have no annotations.
            var tools: AnnotatedTools?
            if asked == .toolsList, revision.era == .modern {
                let found = AnnotatedTools(of: list)
                server.toolSchemas.learn(found)
                tools = found
            }
            let filtered = list.filtered(for: revision) { isObserving || shows($0) }
            if isAsSent, asked == self.method, message.id == messageID, let id,
                let conditions = listConditions, !TaskRewriter.mayName(message)
            {
                server.filteredLists.keep(
                    message, id: id, under: conditions, replacement: filtered, tools: tools)
            }
            return filtered.map { .replaced($0) } ?? .unchanged
        }
        guard revision.era == .modern, method.map({ Self.hasPrivateResult($0, revision) }) ?? true
        else { return .unchanged }
        // MCP 2026-07-28 server/utilities/caching — what depends on the caller is private.
        do throws(ListViolation) {
            return try message.withPrivateCacheScope().map { .replaced($0) } ?? .unchanged
        } catch {
            return .refused(reason: "the upstream's result cannot be understood: \(error)")
        }
    }

    /// Whether the result of the method must not be shared by caches.
    private static func hasPrivateResult(
        _ method: MCPMethod, _ revision: ProtocolRevision
    ) -> Bool {
        guard revision.era == .modern else { return false }
        if case .list = method.requirement { return true }
        return method == .resourcesRead || method == .serverDiscover
    }

    /// Whether the caller's lists show the item.
    private func shows(_ item: ListResult.Item) -> Bool {
        let operation: Operation =
            switch item.kind {
            case .tools: .tool(name: item.name, arguments: nil)
            case .prompts: .prompt(name: item.name)
            case .resources: .resource(uri: item.name)
            case .resourceTemplates: .resourceTemplate(item.name)
            }
        return server.policy.lists(operation, for: scopes, visibility: server.visibility)
    }
}
