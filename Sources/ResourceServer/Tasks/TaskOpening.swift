import JSON
import MCP

/// The task ids in a client's message, opened: what the upstream is told instead.
///
/// The one change that a judged body sees: each sealed id gives way to the server's own, and every
/// other byte stays.
struct TaskOpening {
    /// The task that `params.taskId` names.
    private(set) var task: OpenedTask?
    /// The tasks that `subscriptions/listen` names.
    private(set) var subscribed: [OpenedTask] = []
    /// The body that goes to the upstream; nil where it goes as it came.
    private(set) var body: [UInt8]?

    /// Opens what the message names.
    ///
    /// A client may also have tasks of its own, which answer the server's requests
    /// (MCP 2025-11-25 basic/utilities/tasks): their ids stand in notifications and responses, open
    /// for nobody, and pass as they are.
    ///
    /// - Throws: ``UnknownTask`` for a request that names what was not given to this principal.
    init(
        of message: Message, for token: VerifiedAccessToken, with tasks: TaskSeals
    ) throws(UnknownTask) {
        var edit = JSONEdit(of: message.document)
        switch message.target {
        case .task(let id):
            // A status notification of a client is about a task of its own.
            guard case .request = message.kind else { break }
            guard let task = tasks.open(id, for: token) else { throw UnknownTask() }
            self.task = task
            message.params?["taskId"].map { edit.replace($0, with: Self.literal(task.id)) }
        case .subscription(_, let ids) where !ids.isEmpty:
            guard let elements = message.params?["notifications"]?["taskIds"]?.elements else {
                throw UnknownTask()
            }
            for element in elements {
                guard let id = element.utf8, let task = tasks.open(id, for: token) else {
                    throw UnknownTask()
                }
                subscribed.append(task)
                edit.replace(element, with: Self.literal(task.id))
            }
        case .none, .tool, .prompt, .resource, .completionOfPrompt, .completionOfResource,
            .subscription:
            break
        }
        if let related = Self.relatedTask(of: message) {
            if let id = related.utf8, let task = tasks.open(id, for: token) {
                edit.replace(related, with: Self.literal(task.id))
            } else if case .request = message.kind {
                throw UnknownTask()
            }
        }
        body = edit.isEmpty ? nil : edit.apply()
    }

    /// The id in `_meta` that ties a message to a task (2025-11-25).
    private static func relatedTask(of message: Message) -> JSONValue? {
        let holder = message.params ?? message.result ?? message.error
        return holder?["_meta"]?["io.modelcontextprotocol/related-task"]?["taskId"]
    }

    /// The text as a JSON string.
    static func literal(_ text: [UInt8]) -> [UInt8] {
        var writer = JSONWriter(capacity: text.count + 2)
        writer.string(String(decoding: text, as: UTF8.self))
        return writer.bytes
    }
}

/// A request names a task that was not given to its principal here.
struct UnknownTask: Error {}
