import CLibevent
import Glibc
import Synchronization

/// Threads of their own for work that blocks or computes long: key generation, files, databases.
///
/// The queue has a limit; beyond it work is refused, and whoever asked answers 503. The threads run at
/// a lower priority than the loops, so that a flood of such work leaves calls alone.
package final class BlockingPool: Sendable {
    /// Work was refused because the queue is full.
    package struct Overloaded: Error {}

    private struct Queue: Sendable {
        var waiting: [@Sendable () -> Void] = []
        var head = 0
    }

    /// What a pool thread adds to its nice value.
    private static let niceness: Int32 = 10

    private let queueLimit: Int
    private let queue = Mutex(Queue())
    private let available: Semaphore

    /// Starts a pool of `threads` threads that live as long as the process.
    package init(name: String, threads: Int, queueLimit: Int) throws(TransportFailure) {
        self.queueLimit = queueLimit
        self.available = Semaphore()
        for _ in 0..<threads {
            try startThread(name: name) { [self] in
                _ = gh_lower_thread_priority(Self.niceness)
                while true { serve() }
            }
        }
    }

    /// Runs `work` on a thread of the pool.
    ///
    /// - Throws: ``Overloaded`` when the queue is full, and what `work` throws.
    package func run<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let isTaken = submit { continuation.resume(with: Result { try work() }) }
            if !isTaken { continuation.resume(throwing: Overloaded()) }
        }
    }

    /// Queues `work`; whether there was room.
    package func submit(_ work: @escaping @Sendable () -> Void) -> Bool {
        let isTaken = queue.withLock { queue in
            guard queue.waiting.count - queue.head < queueLimit else { return false }
            queue.waiting.append(work)
            return true
        }
        if isTaken { available.signal() }
        return isTaken
    }

    private func serve() {
        available.wait()
        let work = queue.withLock { queue -> (@Sendable () -> Void)? in
            guard queue.head < queue.waiting.count else { return nil }
            let work = queue.waiting[queue.head]
            queue.head += 1
            if queue.head == queue.waiting.count {
                queue.waiting = []
                queue.head = 0
            }
            return work
        }
        work?()
    }
}

/// A counting semaphore of the system.
private final class Semaphore: Sendable {
    private let descriptor: Int32 = gh_semaphore()

    deinit { close(descriptor) }

    func signal() {
        var one: UInt64 = 1
        _ = unsafe write(descriptor, &one, 8)
    }

    func wait() {
        var count: UInt64 = 0
        while unsafe read(descriptor, &count, 8) < 0, errno == EINTR {}
    }
}
