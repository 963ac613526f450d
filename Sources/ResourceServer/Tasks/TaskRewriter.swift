import JSON
import MCP

/// Seals the ids of tasks in a server's messages, wherever they stand.
///
/// They stand in the answer that makes a task, in answers to `tasks/*`, in notifications about
/// tasks, in the acknowledgement of a subscription, and in the `_meta` of whatever belongs to a task
/// (MCP 2025-11-25 basic/utilities/tasks; SEP-2663 for 2026-07-28).
final class TaskRewriter {
    let tasks: TaskSeals
    let token: VerifiedAccessToken
    /// The task that the request is about.
    let asked: OpenedTask?
    /// What the request is the origin of if its answer is a task; nil where it cannot be one.
    let origin: TaskOrigin?
    /// The upstream's session of the request, or the endpoint of the stream.
    var session: [UInt8]?
    var policy: ScopePolicy
    /// What the token's scopes mean under the policy.
    var scopes: EffectiveScopes
    /// Whether what scopes would hide is shown.
    var isObserving: Bool

    init(
        tasks: TaskSeals, token: VerifiedAccessToken, asked: OpenedTask?, origin: TaskOrigin?,
        session: [UInt8]?, policy: ScopePolicy, scopes: EffectiveScopes, isObserving: Bool
    ) {
        self.tasks = tasks
        self.token = token
        self.asked = asked
        self.origin = origin
        self.session = session
        self.policy = policy
        self.scopes = scopes
        self.isObserving = isObserving
    }

    private static let relatedTask: StaticString = "io.modelcontextprotocol/related-task"

    /// What becomes of a notification that names a task: dropped unless this principal was given
    /// the task and may still do what made it.
    func judge(notification message: Message) -> FilteredAnswer {
        guard case .task(let id) = message.target, let task = task(id), shows(task),
            let place = message.params?["taskId"]
        else { return .dropped }
        var edit = JSONEdit(of: message.document)
        edit.replace(place, with: TaskOpening.literal(task.sealed))
        rewriteMetadata(message.params, &edit)
        return .replaced(edit.apply())
    }

    /// The bytes of any other message with sealed ids; nil where it names no task.
    ///
    /// - Parameters:
    ///   - message: a message of the server.
    ///   - method: the method of the request that it answers; nil if that is not known.
    /// - Returns: the bytes, or nil.
    func rewritten(_ message: Message, answering method: MCPMethod?) -> [UInt8]? {
        var edit = JSONEdit(of: message.document)
        if let result = message.result {
            rewrite(result, of: message, answering: method, &edit)
        } else {
            rewriteMetadata(message.params ?? message.error, &edit)
            rewriteComplaint(message.error, &edit)
            if message.method == .subscriptionsAcknowledgedNotification {
                keepKnown(message.params?["notifications"]?["taskIds"], &edit) { $0 }
            }
        }
        return edit.isEmpty ? nil : edit.apply()
    }

    /// Whether the result of the message says anything of a task, so that what becomes of it depends
    /// on which tasks are known.
    static func mayName(_ message: Message) -> Bool {
        guard let result = message.result else { return false }
        return result["taskId"] != nil || result["task"] != nil
            || result["_meta"]?[relatedTask] != nil
    }

    private func rewrite(
        _ result: JSONValue, of message: Message, answering method: MCPMethod?,
        _ edit: inout JSONEdit
    ) {
        rewriteMetadata(result, &edit)
        // Up to 2025-11-25 a made task stands under `task`, later in the result itself.
        for holder in [result, result["task"]] {
            guard let place = holder?["taskId"], let id = place.utf8,
                let sealed = sealed(id, of: message, answering: method)
            else { continue }
            edit.replace(place, with: TaskOpening.literal(sealed))
        }
        // A result of another method may have a member of this name for itself.
        if method == .tasksList || method == nil, let list = result["tasks"], isTaskList(list) {
            keepKnown(list, &edit) { $0["taskId"] }
        }
    }

    private func isTaskList(_ list: JSONValue) -> Bool {
        guard list.kind == .array else { return false }
        for element in list.elements where element["taskId"]?.kind != .string { return false }
        return true
    }

    /// The sealed form of an id in a result; nil leaves it as it is.
    private func sealed(
        _ id: ArraySlice<UInt8>, of message: Message, answering method: MCPMethod?
    ) -> [UInt8]? {
        if let task = task(id) { return task.sealed }
        if let method {
            // What is about a task names the task that was asked for, and makes none.
            if case .task = method.requirement { return nil }
            return origin.flatMap { tasks.seal(Array(id), of: $0, for: token) }
        }
        guard let answered = message.id,
            let origin = tasks.origin(ofAnswer: answered, in: session, for: token)
        else { return nil }
        return tasks.seal(Array(id), of: origin, for: token)
    }

    /// Seals the ids of the elements that the principal was given and may see; the others go.
    private func keepKnown(
        _ list: JSONValue?, _ edit: inout JSONEdit, id: (JSONValue) -> JSONValue?
    ) {
        guard let list, list.kind == .array else { return }
        var known: [(place: JSONValue, sealed: [UInt8])] = []
        edit.removeElements(of: list) { element in
            guard let place = id(element), let name = place.utf8, let task = task(name),
                shows(task)
            else { return true }
            known.append((place, task.sealed))
            return false
        }
        for (place, sealed) in known { edit.replace(place, with: TaskOpening.literal(sealed)) }
    }

    /// Seals the id that ties a message to a task; one of a client's own task stays.
    private func rewriteMetadata(_ holder: JSONValue?, _ edit: inout JSONEdit) {
        guard let place = holder?["_meta"]?[Self.relatedTask]?["taskId"], let id = place.utf8,
            let task = task(id)
        else { return }
        edit.replace(place, with: TaskOpening.literal(task.sealed))
    }

    /// Servers repeat an id that they do not know in words; the client is told of its own.
    private func rewriteComplaint(_ error: JSONValue?, _ edit: inout JSONEdit) {
        guard let asked, let place = error?["message"], let text = place.string else { return }
        let id = String(decoding: asked.id, as: UTF8.self)
        guard !id.isEmpty, text.contains(id) else { return }
        let sealed = String(decoding: asked.sealed, as: UTF8.self)
        edit.replace(
            place, with: TaskOpening.literal(Array(text.replacing(id, with: sealed).utf8)))
    }

    /// The task of that id, as this principal knows it.
    private func task(_ id: ArraySlice<UInt8>) -> OpenedTask? {
        if let asked, asked.id.elementsEqual(id) { return asked }
        return tasks.known(id, to: token)
    }

    /// Whether the principal may still do what made the task.
    private func shows(_ task: OpenedTask) -> Bool {
        guard !isObserving, let operation = task.origin.operation else { return true }
        return policy.decide(operation, for: scopes) == .allow
    }
}
