import Cryptography
import Foundation
import Synchronization
import Testing

@testable import ResourceServer

@Suite struct AdmissionTableTests {
    private static let second: UInt64 = 1_000_000_000
    private static let once = AdmissionLimits(requests: 1, perSeconds: 60)

    /// Keys that share a home, as many as asked.
    private static func neighbours(_ count: Int) -> [AdmissionKey] {
        var keys: [AdmissionKey] = []
        var number = 0
        while keys.count < count {
            let key = AdmissionKey.requests(of: sha256(Array("owner \(number)".utf8)))
            if home(of: key) == 5 { keys.append(key) }
            number += 1
        }
        return keys
    }

    private static func home(of key: AdmissionKey) -> UInt64 {
        (key.value ^ (key.value >> 32)) & UInt64(AdmissionTable.capacity - 1)
    }

    @Test func `keys are counted apart, also those that share a home`() {
        let table = AdmissionTable()
        let keys = Self.neighbours(9)
        for key in keys.prefix(8) {
            #expect(table.counter(of: key, at: 1).take(Self.once, at: 1) == nil)
            #expect(table.counter(of: key, at: 1).take(Self.once, at: 1) != nil)
        }
        let counters = keys.prefix(8).map { ObjectIdentifier(table.counter(of: $0, at: 1)) }
        #expect(Set(counters).count == 8)
        // The ninth shares a place, which only makes its limit tighter.
        #expect(table.counter(of: keys[8], at: 1) === table.counter(of: keys[0], at: 1))
        #expect(table.counter(of: keys[8], at: 1).take(Self.once, at: 1) != nil)
        // When the others are idle it gets a place of its own.
        let later = 61 * Self.second
        #expect(table.counter(of: keys[8], at: later).take(Self.once, at: later) == nil)
    }

    @Test func `a place with a request under way is never taken away`() {
        let table = AdmissionTable()
        let keys = Self.neighbours(20)
        let one = AdmissionLimits(concurrent: 1)
        let held = table.counter(of: keys[0], at: 1)
        #expect(held.take(one, at: 1) == nil)
        for round in 1..<100 as Range<UInt64> {
            let now = round * 3600 * Self.second
            for key in keys.dropFirst() { _ = table.counter(of: key, at: now) }
            #expect(table.counter(of: keys[0], at: now) === held)
            #expect(table.counter(of: keys[0], at: now).take(one, at: now) != nil)
        }
        held.leave(one)
        #expect(held.isIdle(at: 1))
    }

    @Test func `threads that bring a new key at once find one counter`() {
        let table = AdmissionTable()
        for number in 0..<500 {
            let key = AdmissionKey.requests(of: sha256(Array("new \(number)".utf8)))
            let limits = AdmissionLimits(requests: 10, perSeconds: 60)
            let counters = (0..<4).map { _ in OnceSet<ObjectIdentifier>() }
            DispatchQueue.concurrentPerform(iterations: 4) { thread in
                let counter = table.counter(of: key, at: 1)
                _ = counter.take(limits, at: 1)
                counters[thread].set(ObjectIdentifier(counter))
            }
            #expect(Set(counters.compactMap(\.value)).count == 1)
        }
    }

    @Test func `keys of two kinds, two entries or two owners are never the same`() {
        let owners = ["a", "b"].map { sha256(Array($0.utf8)) }
        let entries = ["deploy", "search*"].map { sha256(Array($0.utf8)) }
        var keys = owners.map { AdmissionKey.requests(of: $0) }
        for owner in owners + entries {
            for entry in entries + owners {
                keys.append(.calls(of: owner, limitedBy: entry))
            }
        }
        #expect(Set(keys).count == keys.count)
    }

    @Test func `what the configuration names has a counter of its own for good`() {
        let table = AdmissionTable()
        let all = table.counter(ofServer: "tickets")
        let others = [
            table.counter(ofServer: "notes"), table.counter(ofServer: "tickets", tool: "deploy"),
            table.counter(ofServer: "tickets", tool: "deploy*"),
            table.counter(ofServer: "notes", tool: "deploy"),
            table.counter(ofServer: "ticketsdeploy"),
            table.counter(ofServer: "tickets", tool: "r\u{E9}"),
            table.counter(ofServer: "tickets", tool: "re\u{301}"),
        ]
        #expect(Set(others.map { ObjectIdentifier($0) }).count == others.count)
        #expect(!others.contains { $0 === all })
        #expect(table.counter(ofServer: "tickets") === all)
        #expect(table.counter(ofServer: "tickets", tool: "deploy") === others[1])
    }

    @Test func `users and clients in any number leave it alone`() {
        let table = AdmissionTable()
        let limits = AdmissionLimits(requests: 1, perSeconds: 3600)
        for number in 0..<(2 * AdmissionTable.capacity) {
            let key = AdmissionKey.requests(of: sha256(Array("owner \(number)".utf8)))
            _ = table.counter(of: key, at: 1).take(limits, at: 1)
        }
        #expect(table.counter(ofServer: "tickets").isIdle(at: 1))
    }
}

/// A value that one thread sets.
private final class OnceSet<Value: Sendable>: Sendable {
    private let stored = Mutex<Value?>(nil)
    var value: Value? { stored.withLock { $0 } }
    func set(_ value: Value) { stored.withLock { $0 = value } }
}
