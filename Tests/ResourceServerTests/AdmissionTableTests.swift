import Foundation
import Synchronization
import Testing

@testable import ResourceServer

@Suite struct AdmissionTableTests {
    private static let second: UInt64 = 1_000_000_000

    private static func isAdmitted(
        _ table: AdmissionTable, _ key: UInt64, _ limits: AdmissionLimits, _ now: UInt64
    ) -> Bool {
        guard case .admitted(let permit) = table.admit(key, limits: limits, at: now) else {
            return false
        }
        table.release(permit)
        return true
    }

    @Test(arguments: [1, 30, 600, 6000])
    func `a minute admits the limit and what may come at once`(rate: Int) {
        let table = AdmissionTable()
        let limits = AdmissionLimits(requestsPerMinute: rate, concurrent: nil)
        let steps = UInt64(rate * 10)
        for minute in 0..<3 as Range<UInt64> {
            var admitted = 0
            for step in 0..<steps {
                let now = 1 + minute * 60 * Self.second + step * 60 * Self.second / steps
                if Self.isAdmitted(table, 7, limits, now) { admitted += 1 }
            }
            #expect(admitted >= rate - 1)
            let burst = max(rate / 10, min(rate, AdmissionTable.smallestBurst))
            #expect(admitted <= rate + burst)
        }
    }

    @Test func `a refusal says when to come again, and then it is admitted`() {
        let table = AdmissionTable()
        let limits = AdmissionLimits(requestsPerMinute: 60, concurrent: nil)
        for _ in 0..<10 { #expect(Self.isAdmitted(table, 7, limits, Self.second)) }
        let refused = table.admit(7, limits: limits, at: Self.second)
        #expect(refused == .limited(retryAfterMilliseconds: 1000))
        #expect(!Self.isAdmitted(table, 7, limits, Self.second * 2 - 2_000_000))
        #expect(Self.isAdmitted(table, 7, limits, Self.second * 2))
    }

    @Test func `requests under way are counted and handed back`() throws {
        let table = AdmissionTable()
        let limits = AdmissionLimits(requestsPerMinute: nil, concurrent: 2)
        guard case .admitted(let first) = table.admit(7, limits: limits, at: 1),
            case .admitted = table.admit(7, limits: limits, at: 1)
        else {
            Issue.record("two requests are within the limit")
            return
        }
        #expect(table.admit(7, limits: limits, at: 1) == .limited(retryAfterMilliseconds: 1000))
        table.release(first)
        #expect(Self.isAdmitted(table, 7, limits, 1))
    }

    @Test func `a request without that limit is not among those under way`() {
        let table = AdmissionTable()
        let stream = AdmissionLimits(requestsPerMinute: nil, concurrent: nil)
        for _ in 0..<10 { _ = table.admit(7, limits: stream, at: 1) }
        let call = AdmissionLimits(requestsPerMinute: nil, concurrent: 1)
        #expect(Self.isAdmitted(table, 7, call, 1))
        guard case .admitted(let permit) = table.admit(7, limits: stream, at: 1) else {
            Issue.record("nothing limits a stream")
            return
        }
        table.release(permit)
        guard case .admitted = table.admit(7, limits: call, at: 1) else {
            Issue.record("one call is within the limit")
            return
        }
        #expect(!Self.isAdmitted(table, 7, call, 1))
    }

    @Test func `a rate refusal does not keep a place`() {
        let table = AdmissionTable()
        let limits = AdmissionLimits(requestsPerMinute: 1, concurrent: 1)
        #expect(Self.isAdmitted(table, 7, limits, 1))
        for _ in 0..<10 { #expect(!Self.isAdmitted(table, 7, limits, 1)) }
        #expect(Self.isAdmitted(table, 7, limits, 61 * Self.second))
    }

    @Test func `keys are counted apart, also those that share a home`() {
        let table = AdmissionTable()
        let limits = AdmissionLimits(requestsPerMinute: 1, concurrent: nil)
        for number in 0..<8 as Range<UInt64> {
            let key = 5 + number * UInt64(AdmissionTable.capacity)
            #expect(Self.isAdmitted(table, key, limits, 1))
            #expect(!Self.isAdmitted(table, key, limits, 1))
        }
        // The ninth shares a place, which only makes its limit tighter.
        #expect(
            !Self.isAdmitted(table, 5 + 8 * UInt64(AdmissionTable.capacity), limits, 1))
        // When the others are idle it gets a place of its own.
        #expect(
            Self.isAdmitted(
                table, 5 + 8 * UInt64(AdmissionTable.capacity), limits, 61 * Self.second))
    }

    @Test func `no limits admit everything`() {
        let table = AdmissionTable()
        let limits = AdmissionLimits(requestsPerMinute: nil, concurrent: nil)
        for _ in 0..<10_000 { #expect(Self.isAdmitted(table, 0, limits, 1)) }
    }

    @Test func `threads together admit no more than the limit`() {
        let table = AdmissionTable()
        let limits = AdmissionLimits(requestsPerMinute: 6000, concurrent: nil)
        let admitted = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            for step in 0..<20_000 as Range<UInt64> {
                let now = 1 + step * 60 * Self.second / 20_000
                if Self.isAdmitted(table, 7, limits, now) { admitted.add(1, ordering: .relaxed) }
            }
        }
        let total = admitted.load(ordering: .relaxed)
        #expect(total >= 5400)
        #expect(total <= 6600)
    }
}
