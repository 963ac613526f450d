import Testing

@testable import Gateway

@Suite struct ConnectionCountsTests {
    @Test func `an address has no more connections than it may have`() {
        let counts = ConnectionCounts()
        #expect(counts.enter("a", totalLimit: 10, hostLimit: 2))
        #expect(counts.enter("a", totalLimit: 10, hostLimit: 2))
        #expect(!counts.enter("a", totalLimit: 10, hostLimit: 2))
        #expect(counts.enter("b", totalLimit: 10, hostLimit: 2))
        #expect(counts.total == 3)
        counts.leave("a")
        #expect(counts.enter("a", totalLimit: 10, hostLimit: 2))
        #expect(counts.total == 3)
    }

    @Test func `all addresses together have no more than there may be`() {
        let counts = ConnectionCounts()
        #expect(counts.enter("a", totalLimit: 2, hostLimit: 2))
        #expect(counts.enter("b", totalLimit: 2, hostLimit: 2))
        #expect(!counts.enter("c", totalLimit: 2, hostLimit: 2))
        counts.leave("a")
        counts.leave("b")
        #expect(counts.total == 0)
        #expect(counts.enter("c", totalLimit: 2, hostLimit: 2))
    }

    @Test func `a refused connection is not counted`() {
        let counts = ConnectionCounts()
        for _ in 0..<5 { #expect(!counts.enter("a", totalLimit: 0, hostLimit: 2)) }
        #expect(counts.total == 0)
        #expect(counts.enter("a", totalLimit: 1, hostLimit: 1))
    }
}
