import Cryptography
import MCP
import Synchronization

/// The tasks that this process has seen, and to whom they were given.
///
/// One for the process, behind a lock that only requests about tasks take. Bounded: what came first
/// goes first.
package final class TaskTable: Sendable {
    /// The most tasks, and the most expected answers, that are remembered.
    package static let capacity = 10_000

    /// A response that a principal waits for in a session of the server.
    struct Answer: Hashable {
        let owner: SHA256Digest
        let session: [UInt8]
        let id: MessageID
    }

    private struct Key: Hashable {
        let owner: SHA256Digest
        let id: [UInt8]
    }

    private struct State {
        var tasks: BoundedTable<Key, OpenedTask>
        var expected: BoundedTable<Answer, TaskOrigin>
    }

    private let state: Mutex<State>

    /// An empty table.
    package init(capacity: Int = TaskTable.capacity) {
        state = Mutex(
            State(
                tasks: BoundedTable(capacity: capacity), expected: BoundedTable(capacity: capacity))
        )
    }

    /// Remembers a task of an owner.
    func remember(_ task: OpenedTask, of owner: SHA256Digest) {
        state.withLock { $0.tasks.insert(task, for: Key(owner: owner, id: task.id)) }
    }

    /// The task with the server's id, if it was given to the owner.
    func task(_ id: [UInt8], of owner: SHA256Digest) -> OpenedTask? {
        state.withLock { $0.tasks[Key(owner: owner, id: id)] }
    }

    /// Remembers what the answer would be a task of.
    func expect(_ origin: TaskOrigin, _ answer: Answer) {
        state.withLock { $0.expected.insert(origin, for: answer) }
    }

    /// What the answer would be a task of.
    func origin(_ answer: Answer) -> TaskOrigin? {
        state.withLock { $0.expected[answer] }
    }
}

/// A dictionary of bounded size from which what came first goes first.
private struct BoundedTable<Key: Hashable, Value> {
    private var values: [Key: Value] = [:]
    /// The keys in the order in which they came; a ring once it is full.
    private var order: [Key] = []
    private var oldest = 0
    private let capacity: Int

    init(capacity: Int) {
        precondition(capacity > 0, "a table holds at least one value")
        self.capacity = capacity
    }

    subscript(key: Key) -> Value? { values[key] }

    mutating func insert(_ value: Value, for key: Key) {
        guard values.updateValue(value, forKey: key) == nil else { return }
        guard order.count == capacity else { return order.append(key) }
        values[order[oldest]] = nil
        order[oldest] = key
        oldest = (oldest + 1) % capacity
    }
}
