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

/// Notes when its deadline was met.
private final class Holder: DeadlineHolder {
    var deadlineTicket = DeadlineTicket()
    var deadline: UInt64
    private let passed: (UInt64) -> Void

    init(deadline: UInt64, passed: @escaping (UInt64) -> Void) {
        self.deadline = deadline
        self.passed = passed
    }

    func deadlinePassed(_ now: UInt64) { passed(now) }
}

@Suite struct DeadlineWheelTests {
    @Test(arguments: [1, 30, 120, 260])
    func `a deadline passes no earlier than it should`(_ milliseconds: UInt64) async throws {
        let loop = try EventLoop(name: "test")
        try loop.start { _ in }
        let due = Clock.monotonic + milliseconds * 1_000_000
        let now = await withCheckedContinuation { continuation in
            loop.execute { context in
                let holder = Holder(deadline: due) { continuation.resume(returning: $0) }
                context.resident = holder
                context.deadlines.schedule(holder)
            }
        }
        #expect(now >= due)
        loop.stop()
    }

    @Test func `a deadline that moved away is not met at its old place`() async throws {
        let loop = try EventLoop(name: "test")
        try loop.start { _ in }
        let first = Clock.monotonic + 60_000_000
        let second = first + 200_000_000
        let now = await withCheckedContinuation { continuation in
            loop.execute { context in
                let holder = Holder(deadline: first) { continuation.resume(returning: $0) }
                context.resident = holder
                context.deadlines.schedule(holder)
                holder.deadline = second
            }
        }
        #expect(now >= second)
        loop.stop()
    }

    @Test func `a nearer deadline is met although a farther one was announced first`() async throws {
        let loop = try EventLoop(name: "test")
        try loop.start { _ in }
        let far = Clock.monotonic + 3_600_000_000_000
        let near = Clock.monotonic + 50_000_000
        let now = await withCheckedContinuation { continuation in
            loop.execute { context in
                let holder = Holder(deadline: far) { continuation.resume(returning: $0) }
                context.resident = holder
                context.deadlines.schedule(holder)
                holder.deadline = near
                context.deadlines.schedule(holder)
            }
        }
        #expect(now >= near)
        #expect(now < far)
        loop.stop()
    }

    @Test func `a removed holder is not told`() async throws {
        let loop = try EventLoop(name: "test")
        try loop.start { _ in }
        let told = Mutex<[String]>([])
        await withCheckedContinuation { continuation in
            loop.execute { context in
                let due = Clock.monotonic + 60_000_000
                let removed = Holder(deadline: due) { _ in told.withLock { $0.append("removed") } }
                let kept = Holder(deadline: due) { _ in told.withLock { $0.append("kept") } }
                let last = Holder(deadline: due + 200_000_000) { _ in continuation.resume() }
                context.resident = [removed, kept, last] as AnyObject
                for holder in [removed, kept, last] { context.deadlines.schedule(holder) }
                context.deadlines.remove(removed)
            }
        }
        #expect(told.withLock { $0 } == ["kept"])
        loop.stop()
    }
}

@Suite struct BlockingPoolTests {
    @Test func `work beyond the queue limit is refused and the rest runs`() async throws {
        let pool = try BlockingPool(name: "test-pool", threads: 1, queueLimit: 4)
        let gate = Mutex(false)
        let ran = Mutex(0)
        var taken = 0
        for _ in 0..<20 {
            let isTaken = pool.submit {
                while !gate.withLock({ $0 }) {}
                ran.withLock { $0 += 1 }
            }
            if isTaken { taken += 1 }
        }
        #expect((4...5).contains(taken))
        gate.withLock { $0 = true }
        while ran.withLock({ $0 }) < taken { await Task.yield() }
        let answer = try await pool.run { 42 }
        #expect(answer == 42)
    }

    @Test func `what the work throws reaches whoever asked`() async throws {
        struct Broken: Error {}
        let pool = try BlockingPool(name: "test-pool", threads: 1, queueLimit: 4)
        await #expect(throws: Broken.self) { try await pool.run { throw Broken() } }
    }
}
