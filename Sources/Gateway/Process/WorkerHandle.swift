import Transport

/// A worker as other threads see it: its loop, and visits to what is inside.
struct WorkerHandle: Sendable {
    let loop: EventLoop

    init(number: Int) throws {
        loop = try EventLoop(name: "worker-\(number)")
    }

    /// Runs `work` on the worker's loop with the worker.
    func visit(_ work: @escaping @Sendable (Worker) -> Void) {
        loop.execute { context in
            guard let worker = context.resident as? Worker else { return }
            work(worker)
        }
    }
}
