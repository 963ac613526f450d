import Synchronization
import Transport

/// Runs async work from the main thread while no other loop runs, and waits for it.
enum Waiter {
    private final class Outcome<Value: Sendable>: Sendable {
        let result = Mutex<Result<Value, any Error>?>(nil)
    }

    /// What `work` returns.
    ///
    /// - Throws: what `work` throws.
    static func wait<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) throws -> Value {
        let loop = try EventLoop(name: "start")
        let outcome = Outcome<Value>()
        let task: @Sendable () async -> Void = {
            let result: Result<Value, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            outcome.result.withLock { $0 = result }
            loop.stop()
        }
        loop.run { _ in Task(executorPreference: loop, operation: task) }
        guard let result = outcome.result.withLock({ $0 }) else {
            throw StartFailure(reason: "the work around the start did not end")
        }
        return try result.get()
    }
}
