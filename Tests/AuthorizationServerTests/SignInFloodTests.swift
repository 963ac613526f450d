import Foundation
import Synchronization
import Testing
import Transport

@testable import AuthorizationServer

/// Counts who is inside.
private final class Crowd: Sendable {
    private let counts = Mutex((inside: 0, most: 0, all: 0))

    var most: Int { counts.withLock { $0.most } }
    var all: Int { counts.withLock { $0.all } }

    func enter() {
        counts.withLock { counts in
            counts.inside += 1
            counts.all += 1
            counts.most = max(counts.most, counts.inside)
        }
    }

    func leave() { counts.withLock { $0.inside -= 1 } }
}

@Suite struct SignInFloodTests {
    private static let now: Int64 = 1_800_000_000_000

    /// Sign-ins all at once; each takes a moment and fails.
    private func outcomes(
        count: Int, crowd: Crowd, threads: Int = 2, queueLimit: Int = 64,
        name: @escaping @Sendable (Int) -> String
    ) async throws -> [LocalSignIn.Outcome] {
        let pool = try BlockingPool(name: "flood", threads: threads, queueLimit: queueLimit)
        let signIn = LocalSignIn(
            source: "local", pool: pool, throttle: SignInThrottle(),
            verify: { _, _ in
                crowd.enter()
                usleep(2000)
                crowd.leave()
                return nil
            })
        return await withTaskGroup(of: LocalSignIn.Outcome.self) { group in
            for number in 0..<count {
                group.addTask {
                    await signIn.signIn(
                        name: name(number), password: "x",
                        from: "10.0.\(number / 250).\(number % 250)", at: Self.now)
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test func `no more passwords are looked at at once than there are threads`() async throws {
        let crowd = Crowd()
        let outcomes = try await outcomes(count: 60, crowd: crowd) { "user\($0)" }
        #expect(outcomes.count { $0 == .refused } == 60)
        #expect(crowd.most <= 2 && crowd.all == 60)
    }

    @Test func `many attempts at once for one user are five`() async throws {
        let crowd = Crowd()
        let outcomes = try await outcomes(count: 60, crowd: crowd) { _ in "lee" }
        #expect(crowd.all == SignInThrottle.freeAttempts)
        #expect(outcomes.count { $0 == .refused } == 5)
        #expect(outcomes.count { $0 == .wait(seconds: 1) } == 55)
    }

    @Test func `what finds no place in the queue is not looked at`() async throws {
        let crowd = Crowd()
        let outcomes = try await outcomes(count: 60, crowd: crowd, threads: 1, queueLimit: 3) {
            "user\($0)"
        }
        #expect(outcomes.count { $0 == .overloaded } == 60 - crowd.all)
        #expect(outcomes.contains(.overloaded) && crowd.all >= 1)
    }

    @Test func `a password that nobody can have is neither looked at nor counted`() async throws {
        let crowd = Crowd()
        let pool = try BlockingPool(name: "flood", threads: 1, queueLimit: 8)
        let signIn = LocalSignIn(
            source: "local", pool: pool, throttle: SignInThrottle(),
            verify: { _, _ in
                crowd.enter()
                return nil
            })
        for password in ["", String(repeating: "x", count: 1025)] {
            for _ in 0..<10 {
                #expect(
                    await signIn.signIn(
                        name: "lee", password: password, from: "192.0.2.1", at: Self.now)
                        == .refused)
            }
        }
        #expect(crowd.all == 0)
        let longest = String(repeating: "x", count: 1024)
        _ = await signIn.signIn(name: "lee", password: longest, from: "192.0.2.1", at: Self.now)
        #expect(crowd.all == 1)
    }

    @Test func `a name that nobody has takes the work of a wrong password`() async throws {
        let place = try UsersPlace()
        let hash = try PasswordHash(of: Array("a password".utf8))
        try place.write("lee:\(hash.text):\n")
        let names = ["lee", "nobody", "", "l\u{E9}e", String(repeating: "x", count: 5000)]
        let times = try await place.pool.run { [users = place.users] in
            names.map { name in
                let start = Self.threadNanoseconds()
                #expect(users.verify(name, Array("wrong".utf8)) == nil)
                return Self.threadNanoseconds() - start
            }
        }
        for (name, time) in zip(names, times) {
            #expect(time > times[0] / 3 && time < times[0] * 3, "\(name.prefix(8)): \(times)")
        }
    }

    /// The work of this thread alone, whatever else runs.
    private static func threadNanoseconds() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
