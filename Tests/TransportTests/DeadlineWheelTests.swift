import Synchronization
import Testing
import Transport

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

    @Test func `a nearer deadline is met although a farther one was announced first`() async throws
    {
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
