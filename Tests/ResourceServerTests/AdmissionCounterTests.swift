import Foundation
import Synchronization
import Testing

@testable import ResourceServer

@Suite struct AdmissionCounterTests {
    private static let second: UInt64 = 1_000_000_000

    private static func isAdmitted(
        _ counter: AdmissionCounter, _ limits: AdmissionLimits, _ now: UInt64
    ) -> Bool {
        guard counter.take(limits, at: now) == nil else { return false }
        counter.leave(limits)
        return true
    }

    @Test(arguments: [
        (1, 60), (30, 60), (600, 60), (6000, 60), (5, 1), (100, 1), (5, 3600), (1000, 3600),
    ])
    func `a span of time admits the limit and what may come at once`(rate: Int, seconds: Int) {
        let counter = AdmissionCounter()
        let limits = AdmissionLimits(requests: rate, perSeconds: seconds)
        let steps = UInt64(rate * 10)
        let span = UInt64(seconds) * Self.second
        for number in 0..<3 as Range<UInt64> {
            var admitted = 0
            for step in 0..<steps
            where Self.isAdmitted(counter, limits, 1 + number * span + step * span / steps) {
                admitted += 1
            }
            #expect(admitted >= rate - 1)
            let burst = max(rate / 10, min(rate, AdmissionLimits.smallestBurst))
            #expect(admitted <= rate + burst)
        }
    }

    @Test func `a refusal says when to come again, and then it is admitted`() {
        let counter = AdmissionCounter()
        let limits = AdmissionLimits(requests: 60, perSeconds: 60)
        for _ in 0..<10 { #expect(Self.isAdmitted(counter, limits, Self.second)) }
        #expect(counter.wait(limits, at: Self.second) == Self.second)
        #expect(counter.take(limits, at: Self.second) == Self.second)
        #expect(!Self.isAdmitted(counter, limits, Self.second * 2 - 2_000_000))
        #expect(counter.wait(limits, at: Self.second * 2) == 0)
        #expect(Self.isAdmitted(counter, limits, Self.second * 2))
    }

    @Test func `requests under way are counted and handed back`() {
        let counter = AdmissionCounter()
        let limits = AdmissionLimits(concurrent: 2)
        #expect(counter.take(limits, at: 1) == nil)
        #expect(counter.wait(limits, at: 1) == 0)
        #expect(counter.take(limits, at: 1) == nil)
        #expect(counter.wait(limits, at: 1) == Self.second)
        #expect(counter.take(limits, at: 1) == Self.second)
        counter.leave(limits)
        #expect(Self.isAdmitted(counter, limits, 1))
    }

    @Test func `a rate refusal does not keep a place`() {
        let counter = AdmissionCounter()
        let limits = AdmissionLimits(requests: 1, perSeconds: 60, concurrent: 1)
        #expect(Self.isAdmitted(counter, limits, 1))
        for _ in 0..<10 { #expect(!Self.isAdmitted(counter, limits, 1)) }
        #expect(Self.isAdmitted(counter, limits, 61 * Self.second))
    }

    @Test func `a refusal for want of a place does not count in the rate`() {
        let counter = AdmissionCounter()
        let limits = AdmissionLimits(requests: 2, perSeconds: 60, concurrent: 1)
        #expect(counter.take(limits, at: 1) == nil)
        for _ in 0..<10 { #expect(counter.take(limits, at: 1) != nil) }
        counter.leave(limits)
        #expect(Self.isAdmitted(counter, limits, 1))
        #expect(!Self.isAdmitted(counter, limits, 1))
    }

    @Test func `what is given back was never counted`() {
        let counter = AdmissionCounter()
        let limits = AdmissionLimits(requests: 3, perSeconds: 60, concurrent: 1)
        for _ in 0..<100 {
            #expect(counter.take(limits, at: Self.second) == nil)
            counter.giveBack(limits)
        }
        for _ in 0..<3 { #expect(Self.isAdmitted(counter, limits, Self.second)) }
        #expect(!Self.isAdmitted(counter, limits, Self.second))
        // Never earlier than the beginning of the clock.
        let fresh = AdmissionCounter()
        fresh.giveBack(AdmissionLimits(requests: 3, perSeconds: 60))
        #expect(fresh.isIdle(at: 0))
    }

    @Test func `looking counts nothing`() {
        let counter = AdmissionCounter()
        let limits = AdmissionLimits(requests: 1, perSeconds: 60, concurrent: 1)
        for _ in 0..<10 { #expect(counter.wait(limits, at: 1) == 0) }
        #expect(counter.isIdle(at: 1))
        #expect(Self.isAdmitted(counter, limits, 1))
    }

    @Test func `no limits admit everything and count nothing`() {
        let counter = AdmissionCounter()
        #expect(AdmissionLimits.none.isEmpty)
        for _ in 0..<10_000 { #expect(counter.take(.none, at: 1) == nil) }
        #expect(counter.isIdle(at: 1))
    }

    @Test(arguments: [UInt64(0), 997])
    func `threads together admit no more than the limit, whoever gives back`(
        givingBackEvery step: UInt64
    ) {
        let counter = AdmissionCounter()
        let limits = AdmissionLimits(requests: 6000, perSeconds: 60)
        let admitted = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            for turn in 0..<20_000 as Range<UInt64> {
                let now = Self.second + turn * 60 * Self.second / 20_000
                guard counter.take(limits, at: now) == nil else { continue }
                if step > 0, turn % step == 0 {
                    counter.giveBack(limits)
                } else {
                    admitted.add(1, ordering: .relaxed)
                }
            }
        }
        let total = admitted.load(ordering: .relaxed)
        #expect(total >= 5400)
        #expect(total <= 6600)
    }

    @Test func `threads together never have more under way than the limit`() {
        let counter = AdmissionCounter()
        let limits = AdmissionLimits(concurrent: 3)
        let inside = Atomic<Int>(0)
        let most = Atomic<Int>(0)
        let served = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<5000 where counter.take(limits, at: 1) == nil {
                let count = inside.add(1, ordering: .sequentiallyConsistent).newValue
                most.max(count, ordering: .relaxed)
                served.add(1, ordering: .relaxed)
                inside.subtract(1, ordering: .sequentiallyConsistent)
                counter.leave(limits)
            }
        }
        #expect(most.load(ordering: .relaxed) <= 3)
        #expect(served.load(ordering: .relaxed) > 0)
        #expect(counter.isIdle(at: 1))
    }
}
