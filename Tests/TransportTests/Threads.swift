import Glibc
import Synchronization
import Transport

/// Runs work that blocks on a thread of its own: the threads of tests are few and must not wait.
func onThread<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        do {
            try startThread(name: "test") { continuation.resume(with: Result { try work() }) }
        } catch {
            continuation.resume(throwing: error)
        }
    }
}

/// Whether something comes to hold within twenty seconds; it is asked until then.
func eventually(_ holds: () async throws -> Bool) async rethrows -> Bool {
    let end = Clock.monotonic + 20_000_000_000
    while try await !holds() {
        if Clock.monotonic > end { return false }
        try? await Task.sleep(for: .milliseconds(2))
    }
    return true
}

/// Lets threads wait until it is opened; only for threads of their own.
final class Gate: Sendable {
    private let state = Mutex(false)

    var isOpen: Bool { state.withLock { $0 } }

    func open() { state.withLock { $0 = true } }

    func wait() {
        while !isOpen { usleep(500) }
    }
}

/// Bytes that several threads collect.
final class Collected: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    var all: [UInt8] { bytes.withLock { $0 } }

    func append(_ more: [UInt8]) { bytes.withLock { $0 += more } }
}
