import Synchronization
import Testing

@testable import ResourceServer

@Suite struct FetchedKeysLimitTests {
    private final class Count: Sendable { let value = Atomic<Int>(0) }

    @Test func `so many requests wait for the keys of an issuer, and no more`() throws {
        let keys = try FetchedKeys(clock: { 1 })
        let woken = Count()
        func wait() -> FetchWait { keys.wait { woken.value.add(1, ordering: .relaxed) } }
        #expect(wait() == .ask)
        for _ in 1..<FetchedKeys.waiterLimit { #expect(wait() == .underWay) }
        #expect(wait() == .refused)
        keys.finish(nil)
        #expect(woken.value.load(ordering: .relaxed) == FetchedKeys.waiterLimit)
    }
}
