import Testing

@testable import ResourceServer

@Suite struct FetchTableTests {
    private let clock = ManualClock()
    private let woken = Wakings()

    private func table(
        values: Int = 8, fetches: Int = 2, waiters: Int = 3
    ) -> FetchTable<Int, String> {
        FetchTable(
            limits: FetchTable<Int, String>.Limits(
                values: values, fetches: fetches, waiters: waiters), clock: clock.now)
    }

    @Test func `one fetch serves all who wait, and what came is remembered`() {
        let table = table()
        #expect(table.wait(for: 1, wake: woken.wake) == .ask)
        #expect(table.wait(for: 1, wake: woken.wake) == .underWay)
        #expect(woken.count == 0)
        table.finish(1, with: "one", for: 5_000_000_000)
        #expect(woken.count == 2)
        #expect(table.value(for: 1)?.value == "one")
        #expect(table.wait(for: 1, wake: woken.wake) == .settled)
        clock.advance(milliseconds: 4999)
        #expect(table.value(for: 1)?.left == 1_000_000)
        clock.advance(milliseconds: 1)
        #expect(table.value(for: 1) == nil)
        #expect(table.wait(for: 1, wake: woken.wake) == .ask)
    }

    @Test func `no more is fetched at a time than may be`() {
        let table = table(fetches: 2)
        #expect(table.wait(for: 1, wake: woken.wake) == .ask)
        #expect(table.wait(for: 2, wake: woken.wake) == .ask)
        #expect(table.wait(for: 3, wake: woken.wake) == .refused)
        table.finish(1, with: "one", for: 1)
        #expect(table.wait(for: 3, wake: woken.wake) == .ask)
    }

    @Test func `no more wait than may`() {
        let table = table(waiters: 3)
        #expect(table.wait(for: 1, wake: woken.wake) == .ask)
        #expect(table.wait(for: 1, wake: woken.wake) == .underWay)
        #expect(table.wait(for: 2, wake: woken.wake) == .ask)
        #expect(table.wait(for: 1, wake: woken.wake) == .refused)
        table.finish(1, with: "one", for: 1)
        #expect(woken.count == 2)
        #expect(table.wait(for: 2, wake: woken.wake) == .underWay)
    }

    @Test func `no more is remembered than may be, the youngest always`() {
        let table = table(values: 8)
        for key in 0..<100 {
            #expect(table.wait(for: key, wake: woken.wake) == .ask)
            table.finish(key, with: "\(key)", for: 1_000_000_000)
            #expect(table.count <= 8)
            #expect(table.value(for: key)?.value == "\(key)")
        }
    }

    @Test func `what is forgotten on its way is not remembered when it comes`() {
        let table = table()
        _ = table.wait(for: 1, wake: woken.wake)
        _ = table.wait(for: 2, wake: woken.wake)
        table.finish(2, with: "two", for: 1_000_000_000)
        table.forget { $0 < 3 }
        table.finish(1, with: "one", for: 1_000_000_000)
        #expect(woken.count == 2)
        #expect(table.count == 0)
    }
}
