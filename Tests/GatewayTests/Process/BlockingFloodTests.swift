import Cryptography
import Synchronization
import Testing
import Transport

/// Long computations have threads of their own, so that calls do not wait behind them.
@Suite(.serialized) struct BlockingFloodTests {
    @Test func `a flood of key generation leaves a loop answering`() async throws {
        let pool = try BlockingPool(name: "test-keys", threads: 2, queueLimit: 64)
        let loop = try EventLoop(name: "test")
        try loop.start { _ in }
        let made = Mutex(0)
        let wanted = 40
        for _ in 0..<wanted {
            let isTaken = pool.submit {
                guard made.withLock({ $0 }) >= 0 else { return }
                _ = try? SigningKey.generate(.rs256)
                made.withLock { if $0 >= 0 { $0 += 1 } }
            }
            #expect(isTaken)
        }
        // A thousand answers of the loop come before the flood is through.
        for _ in 0..<1000 {
            let isAnswered = await loop.visit { _ in true }
            #expect(isAnswered)
        }
        let madeMeanwhile = made.withLock { count in
            defer { count = -1_000_000 }
            return count
        }
        #expect(madeMeanwhile < wanted)
        loop.stop()
    }
}
