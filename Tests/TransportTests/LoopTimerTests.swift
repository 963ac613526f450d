import Glibc
import Synchronization
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct LoopTimerTests {
    private func makeLoop() throws -> EventLoop {
        let loop = try EventLoop(name: "test")
        try loop.start { _ in }
        return loop
    }

    @Test func `a timer fires once, and not before its time`() async throws {
        let loop = try makeLoop()
        let fired = Mutex(0)
        let begin = Clock.monotonic
        await withCheckedContinuation { continuation in
            loop.execute { context in
                context.resident = LoopTimer(context, after: 30_000_000) {
                    fired.withLock { $0 += 1 }
                    continuation.resume()
                }
            }
        }
        // epoll counts in milliseconds.
        #expect(Clock.monotonic - begin >= 29_000_000)
        try await Task.sleep(for: .milliseconds(80))
        #expect(fired.withLock { $0 } == 1)
        loop.stop()
    }

    @Test func `a repeating timer fires until its object goes`() async throws {
        let loop = try makeLoop()
        let fired = Mutex(0)
        await withCheckedContinuation { continuation in
            loop.execute { context in
                context.resident = LoopTimer(context, every: 2_000_000) {
                    let count = fired.withLock { count in
                        count += 1
                        return count
                    }
                    guard count == 5 else { return }
                    context.resident = nil
                    continuation.resume()
                }
            }
        }
        try await Task.sleep(for: .milliseconds(30))
        #expect(fired.withLock { $0 } == 5)
        loop.stop()
    }

    @Test func `a cancelled timer does not fire`() async throws {
        let loop = try makeLoop()
        let fired = Mutex(0)
        await loop.visit { context in
            let timer = LoopTimer(context, after: 10_000_000) { fired.withLock { $0 += 1 } }
            context.resident = timer
            timer.cancel()
        }
        try await Task.sleep(for: .milliseconds(50))
        #expect(fired.withLock { $0 } == 0)
        loop.stop()
    }

    @Test func `a signal arrives on the loop that watches it`() async throws {
        let loop = try makeLoop()
        let isCurrent = await withCheckedContinuation { continuation in
            loop.execute { context in
                context.resident = SignalWatcher(context, SIGUSR2) {
                    context.resident = nil
                    continuation.resume(returning: loop.isCurrent)
                }
                kill(getpid(), SIGUSR2)
            }
        }
        #expect(isCurrent)
        loop.stop()
    }
}
