import Synchronization
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(1))) struct FetchTurnsTests {
    private struct Broken: Error {}

    @Test func `no more ask at a time than may, and everybody gets a turn`() async {
        let turns = FetchTurns()
        let counts = Mutex((now: 0, most: 0, done: 0))
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<60 {
                group.addTask {
                    try? await turns.take {
                        counts.withLock {
                            $0.now += 1
                            $0.most = max($0.most, $0.now)
                        }
                        try? await Task.sleep(for: .milliseconds(2))
                        counts.withLock {
                            $0.now -= 1
                            $0.done += 1
                        }
                        // Who fails leaves too.
                        if number.isMultiple(of: 2) { throw Broken() }
                    }
                }
            }
        }
        #expect(counts.withLock { $0.done } == 60)
        #expect(counts.withLock { $0.most } == FetchTurns.limit)
    }
}
