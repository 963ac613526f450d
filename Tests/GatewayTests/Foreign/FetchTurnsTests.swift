import Synchronization
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(1))) struct FetchTurnsTests {
    private struct Broken: Error {}

    /// How many ask now, at the most, and have asked.
    private final class Counts: Sendable {
        private let values = Mutex((now: 0, most: 0, done: 0))

        var most: Int { values.withLock { $0.most } }
        var done: Int { values.withLock { $0.done } }

        func enter() {
            values.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
        }

        func leave() {
            values.withLock {
                $0.now -= 1
                $0.done += 1
            }
        }
    }

    @Test func `no more ask at a time than may, and everybody gets a turn`() async {
        let turns = FetchTurns()
        let counts = Counts()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<60 {
                group.addTask {
                    try? await turns.take { () async throws(Broken) in
                        counts.enter()
                        try? await Task.sleep(for: .milliseconds(2))
                        counts.leave()
                        // Who fails leaves too.
                        if number.isMultiple(of: 2) { throw Broken() }
                    }
                }
            }
        }
        #expect(counts.done == 60)
        #expect(counts.most == FetchTurns.limit)
    }
}
