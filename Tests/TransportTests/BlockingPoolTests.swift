import Synchronization
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct BlockingPoolTests {
    @Test func `work beyond the queue limit is refused and the rest runs`() async throws {
        let pool = try BlockingPool(name: "test-pool", threads: 1, queueLimit: 4)
        let gate = Gate()
        let ran = Mutex(0)
        // The one thread waits at the gate before the queue is filled.
        let begun = Gate()
        #expect(
            pool.submit {
                begun.open()
                gate.wait()
                ran.withLock { $0 += 1 }
            })
        try await onThread { begun.wait() }
        let taken = (0..<20).map { _ in pool.submit { ran.withLock { $0 += 1 } } }
        #expect(taken == Array(repeating: true, count: 4) + Array(repeating: false, count: 16))
        await #expect(throws: BlockingPool.Overloaded.self) { try await pool.run { 1 } }
        gate.open()
        // The thread is at the fifth piece of work at the latest when this has room.
        var answer: Int?
        while answer == nil { answer = try? await pool.run { 42 } }
        #expect(answer == 42)
        #expect(ran.withLock { $0 } == 5)
    }

    @Test func `work runs in the order of its arrival`() async throws {
        let pool = try BlockingPool(name: "test-pool", threads: 1, queueLimit: 1000)
        let order = Mutex<[Int]>([])
        for number in 0..<500 {
            #expect(pool.submit { order.withLock { $0.append(number) } })
        }
        try await pool.run {}
        #expect(order.withLock { $0 } == Array(0..<500))
    }

    @Test func `what the work throws reaches whoever asked`() async throws {
        struct Broken: Error {}
        let pool = try BlockingPool(name: "test-pool", threads: 1, queueLimit: 4)
        await #expect(throws: Broken.self) { try await pool.run { throw Broken() } }
    }
}
