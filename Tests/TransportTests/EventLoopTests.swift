import Synchronization
import Testing
import Transport

@Suite struct EventLoopTests {
    private func makeLoop() throws -> EventLoop {
        let loop = try EventLoop(name: "test")
        try loop.start { _ in }
        return loop
    }

    @Test func `work runs on the loop's thread in the order of handing over`() async throws {
        let loop = try makeLoop()
        let order = Mutex<[Int]>([])
        for number in 0..<1000 {
            loop.execute { _ in order.withLock { $0.append(number) } }
        }
        let isCurrent = await loop.visit { _ in loop.isCurrent }
        #expect(isCurrent)
        #expect(!loop.isCurrent)
        #expect(order.withLock { $0 } == Array(0..<1000))
        loop.stop()
    }

    @Test func `a task on the loop resumes on the loop after it waited elsewhere`() async throws {
        let loop = try makeLoop()
        let pool = try BlockingPool(name: "test-pool", threads: 1, queueLimit: 8)
        let stayed = await Task(executorPreference: loop) {
            guard loop.isCurrent else { return false }
            let elsewhere = try? await pool.run { loop.isCurrent }
            return loop.isCurrent && elsewhere == false
        }.value
        #expect(stayed)
        loop.stop()
    }

    @Test func `work that was handed over before the end still runs`() async throws {
        let loop = try EventLoop(name: "test")
        let count = Mutex(0)
        await withCheckedContinuation { done in
            loop.execute { _ in loop.stop() }
            for _ in 0..<500 { loop.execute { _ in count.withLock { $0 += 1 } } }
            loop.execute { _ in done.resume() }
            try? loop.start { _ in }
        }
        #expect(count.withLock { $0 } == 500)
    }

    @Test func `a flood of jobs does not starve a timer`() async throws {
        let loop = try makeLoop()
        let ended = Mutex(false)
        await withCheckedContinuation { continuation in
            loop.execute { context in
                context.resident = LoopTimer(context, after: 1_000_000) {
                    ended.withLock { $0 = true }
                    continuation.resume()
                }
            }
            @Sendable func flood(_ context: LoopContext) {
                if !ended.withLock({ $0 }) { loop.execute(flood) }
            }
            for _ in 0..<128 { loop.execute(flood) }
        }
        #expect(ended.withLock { $0 })
        loop.stop()
    }
}
