import AuthorizationServer
import Foundation
import HTTP
import Seals
import Storage
import Synchronization
import Testing
import Transport

/// A users file of one test's own, with "lee" whose password is "correct horse".
final class UsersPlace: Sendable {
    let path: String
    let pool: BlockingPool
    let users: LocalUsers

    init(threads: Int = 2, queueLimit: Int = 64) throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "gatehouse-sign-in-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appending(path: "users").path
        pool = try BlockingPool(name: "test", threads: threads, queueLimit: queueLimit)
        let reports = ReportBox()
        users = LocalUsers(
            source: "local", path: path, issuer: "https://mcp.example.com", pool: pool
        ) { reports.add($0) }
        self.box = reports
        try write("lee:\(UsersFileTests.hash):support\n")
    }

    private let box: ReportBox

    var reported: [String] { box.all }

    func write(_ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    func signIn(_ throttle: SignInThrottle = SignInThrottle()) -> LocalSignIn {
        LocalSignIn(users: users, pool: pool, throttle: throttle)
    }

    private final class ReportBox: Sendable {
        private let reports = Mutex<[String]>([])

        var all: [String] { reports.withLock { $0 } }

        func add(_ report: String) { reports.withLock { $0.append(report) } }
    }
}

@Suite struct SignInTests {
    private static let now: Int64 = 1_800_000_000_000

    @Test func `the right password signs in, all else is refused alike`() async throws {
        let place = try UsersPlace()
        let signIn = place.signIn()
        let outcome = await signIn.signIn(
            name: "lee", password: "correct horse", from: "192.0.2.1", at: Self.now)
        guard case .signedIn(let user, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(user.name == "lee" && user.groups == ["support"] && user.source == "local")
        #expect(
            user.subject
                == User.subject(of: "lee", from: "local", issuer: "https://mcp.example.com"))
        for (name, password) in [
            ("lee", "correct horse "), ("lee", "Correct horse"), ("lee", ""),
            ("Lee", "correct horse"),
            ("lee ", "correct horse"), ("nobody", "correct horse"), ("", "x"), ("l\u{00e9}e", "x"),
        ] {
            let outcome = await place.signIn().signIn(
                name: name, password: password, from: "192.0.2.1", at: Self.now)
            #expect(outcome == .refused, "\(name) \(password)")
        }
    }

    @Test func `after five failures the password is not looked at until the delay is over`()
        async throws
    {
        let place = try UsersPlace()
        let signIn = place.signIn()
        for attempt in 0..<5 {
            #expect(
                await signIn.signIn(
                    name: "lee", password: "wrong", from: "192.0.2.\(attempt)", at: Self.now)
                    == .refused)
        }
        #expect(
            await signIn.signIn(
                name: "lee", password: "correct horse", from: "192.0.2.9", at: Self.now)
                == .wait(seconds: 1))
        let outcome = await signIn.signIn(
            name: "lee", password: "correct horse", from: "192.0.2.9", at: Self.now + 1000)
        guard case .signedIn = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }

    @Test func `a full queue is said, and counts as no failure`() async throws {
        let place = try UsersPlace(threads: 1, queueLimit: 1)
        let throttle = SignInThrottle()
        let signIn = place.signIn(throttle)
        let outcomes = await withTaskGroup(of: LocalSignIn.Outcome.self) { group in
            for number in 0..<20 {
                group.addTask {
                    await signIn.signIn(
                        name: "user\(number)", password: "x", from: "192.0.2.\(number)",
                        at: Self.now)
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.contains(.overloaded))
        #expect(outcomes.allSatisfy { $0 == .overloaded || $0 == .refused })
    }

    @Test func `a changed file is read again, a broken one leaves the users as they were`()
        async throws
    {
        let place = try UsersPlace()
        #expect(await place.users.user(source: "local", name: "lee")?.groups == ["support"])
        #expect(await place.users.user(source: "other", name: "lee") == nil)
        try place.write("nonsense\n")
        let outcome = await place.signIn().signIn(
            name: "lee", password: "correct horse", from: "192.0.2.1", at: Self.now)
        guard case .signedIn = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(place.reported.count == 1 && place.reported[0].contains("line 1"))
        try place.write("kim:\(UsersFileTests.hash):\n")
        #expect(
            await place.signIn().signIn(
                name: "lee", password: "correct horse", from: "192.0.2.1", at: Self.now)
                == .refused)
        #expect(await place.users.user(source: "local", name: "lee") == nil)
        #expect(await place.users.user(source: "local", name: "kim") != nil)
        // Gone is not the same as empty.
        try FileManager.default.removeItem(atPath: place.path)
        #expect(
            await place.signIn().signIn(
                name: "kim", password: "wrong", from: "192.0.2.1", at: Self.now) == .refused)
        #expect(await place.users.user(source: "local", name: "kim") != nil)
        #expect(place.reported.last?.contains("is gone") == true)
        try place.write("# nobody\n")
        _ = await place.signIn().signIn(
            name: "kim", password: "wrong", from: "192.0.2.1", at: Self.now)
        #expect(await place.users.user(source: "local", name: "kim") == nil)
    }
}

@Suite struct SignInThrottleTests {
    private static func wait(
        _ throttle: SignInThrottle, at now: Int64, user: String = "u", address: String = "192.0.2.1"
    ) -> Int64? {
        switch throttle.admit(user: user, address: address, at: now) {
        case .admitted: nil
        case .wait(let milliseconds): milliseconds
        }
    }

    @Test func `the delay doubles from a second to fifteen minutes`() {
        let throttle = SignInThrottle()
        var now: Int64 = 0
        for _ in 0..<5 { #expect(Self.wait(throttle, at: now) == nil) }
        for exponent in 0..<16 {
            let delay = min(Int64(1000) << Int64(exponent), 900_000)
            #expect(Self.wait(throttle, at: now) == delay)
            #expect(Self.wait(throttle, at: now + delay - 1) == 1)
            now += delay
            #expect(Self.wait(throttle, at: now) == nil)
        }
        #expect(Self.wait(throttle, at: now + SignInThrottle.memory) == nil)
        #expect(Self.wait(throttle, at: now + SignInThrottle.memory) == nil)
    }

    @Test func `an address is counted over all users, a user over all addresses`() {
        let throttle = SignInThrottle()
        for number in 0..<5 {
            #expect(Self.wait(throttle, at: 0, user: "u\(number)", address: "192.0.2.1") == nil)
            #expect(Self.wait(throttle, at: 0, user: "v", address: "198.51.100.\(number)") == nil)
        }
        #expect(Self.wait(throttle, at: 0, user: "new", address: "192.0.2.1") == 1000)
        #expect(Self.wait(throttle, at: 0, user: "v", address: "203.0.113.1") == 1000)
        #expect(Self.wait(throttle, at: 0, user: "new", address: "203.0.113.1") == nil)
    }

    @Test func `the addresses of one IPv6 network are one`() {
        let throttle = SignInThrottle()
        for number in 0..<5 {
            #expect(
                Self.wait(throttle, at: 0, user: "u\(number)", address: "2001:db8:0:1::\(number)")
                    == nil)
        }
        #expect(Self.wait(throttle, at: 0, user: "x", address: "2001:db8:0:1:ffff::1") == 1000)
        #expect(Self.wait(throttle, at: 0, user: "x", address: "2001:db8:0:2::1") == nil)
    }

    @Test func `a success forgets the user's failures, not the address's`() {
        let throttle = SignInThrottle()
        for _ in 0..<4 { _ = Self.wait(throttle, at: 0) }
        #expect(Self.wait(throttle, at: 0) == nil)
        throttle.succeeded(user: "u", address: "192.0.2.1")
        #expect(Self.wait(throttle, at: 0, user: "u", address: "203.0.113.1") == nil)
        #expect(Self.wait(throttle, at: 0, user: "x", address: "192.0.2.1") == nil)
        #expect(Self.wait(throttle, at: 0, user: "y", address: "192.0.2.1") == 1000)
    }

    @Test func `what was withdrawn is not counted`() {
        let throttle = SignInThrottle()
        for _ in 0..<50 {
            #expect(Self.wait(throttle, at: 0) == nil)
            throttle.withdrawn(user: "u", address: "192.0.2.1")
        }
    }

    @Test func `a flood of names does not forget who is attacked`() {
        let throttle = SignInThrottle(capacity: 500)
        for number in 0..<5 {
            _ = Self.wait(throttle, at: 0, user: "target", address: "10.0.0.\(number)")
        }
        for number in 0..<2000 {
            _ = Self.wait(
                throttle, at: 1, user: "name\(number)",
                address: "10.1.\(number / 250).\(number % 250)")
        }
        #expect(Self.wait(throttle, at: 2, user: "target", address: "203.0.113.9") == 998)
    }
}
