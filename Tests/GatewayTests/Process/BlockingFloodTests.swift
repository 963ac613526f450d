import Testing
import Transport

/// Long computations have threads of their own, so that calls do not wait behind them.
@Suite(.serialized) struct BlockingFloodTests {
    @Test func `a flood of long work leaves a loop answering`() async throws {
        let pool = try BlockingPool(name: "test-work", threads: 2, queueLimit: 64)
        let loop = try EventLoop(name: "test")
        try loop.start { _ in }
        // All threads are busy for as long as this takes, and more work waits.
        let gate = Gate()
        for _ in 0..<40 {
            let isTaken = pool.submit { gate.wait() }
            #expect(isTaken)
        }
        for _ in 0..<1000 {
            let isAnswered = await loop.visit { _ in true }
            #expect(isAnswered)
        }
        gate.open()
        loop.stop()
    }
}
