import Synchronization

/// Lets so many ask one issuer at a time; who comes later waits in line.
///
/// The line is as long as what is being got may be: see `FetchTable.Limits`.
final class FetchTurns: Sendable {
    /// Questions to one issuer at a time: fewer than the gateway may send to one host, so that keys and
    /// metadata still find room.
    static let limit = 6

    private struct State {
        var free = FetchTurns.limit
        var line: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Does the work when it is its turn.
    func take<Value: Sendable, Failure: Error>(
        _ work: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free > 0 else {
                    state.line.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
        defer { give() }
        return try await work()
    }

    /// Hands the turn to whoever waits longest.
    private func give() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.line.isEmpty else {
                state.free += 1
                return nil
            }
            return state.line.removeFirst()
        }
        next?.resume()
    }
}
