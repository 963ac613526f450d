import Foundation
import Synchronization
import Testing
import Transport

@testable import AuthorizationServer

@Suite struct LocalUsersTests {
    @Test func `a full queue takes nobody for removed, not even at first`() async throws {
        let place = try UsersPlace()
        let pool = try BlockingPool(name: "one", threads: 1, queueLimit: 1)
        let users = LocalUsers(
            source: "local", path: place.path, issuer: "https://mcp.example.com", pool: pool
        ) { Issue.record("\($0)") }
        // The thread is busy and the queue is full for a while.
        let isOver = Mutex(false)
        let busy: @Sendable () -> Void = {
            while !isOver.withLock({ $0 }) { usleep(1000) }
        }
        #expect(pool.submit(busy))
        while !pool.submit(busy) { try await Task.sleep(for: .milliseconds(1)) }
        async let found = users.user(source: "local", name: "lee")
        try await Task.sleep(for: .milliseconds(100))
        isOver.withLock { $0 = true }
        #expect(await found?.name == "lee")
    }

    @Test func `those who ask while a look waits share it`() async throws {
        let place = try UsersPlace()
        let pool = try BlockingPool(name: "one", threads: 1, queueLimit: 2)
        let users = LocalUsers(
            source: "local", path: place.path, issuer: "https://mcp.example.com", pool: pool
        ) { Issue.record("\($0)") }
        let names = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<200 {
                group.addTask { await users.user(source: "local", name: "lee")?.name }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(names.count { $0 == "lee" } == 200)
    }

    @Test func `a file that is not there yet has no users, one that is gone keeps them`() throws {
        let place = try UsersPlace()
        let text = try String(contentsOfFile: place.path, encoding: .utf8)
        try FileManager.default.removeItem(atPath: place.path)
        #expect(place.users.verify("lee", Array("correct horse".utf8)) == nil)
        #expect(place.reported.isEmpty)
        try place.write(text)
        #expect(place.users.verify("lee", Array("correct horse".utf8)) != nil)
        try FileManager.default.removeItem(atPath: place.path)
        #expect(place.users.verify("lee", Array("correct horse".utf8)) != nil)
        #expect(place.reported.count == 1 && place.reported[0].contains("is gone"))
        try place.write("# nobody\n")
        #expect(place.users.verify("lee", Array("correct horse".utf8)) == nil)
    }

    @Test func `a change within the same moment and of the same size is seen`() throws {
        let place = try UsersPlace()
        var moment = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &moment)
        // Ahead, so that the moment is not over before the test is.
        moment.tv_sec += 60
        let times = [moment, moment]
        for name in ["ann", "bob", "ann"] {
            let handle = try FileHandle(forWritingTo: URL(filePath: place.path))
            try handle.truncate(atOffset: 0)
            try handle.write(contentsOf: Data("\(name):\(UsersFileTests.hash):\n".utf8))
            try handle.close()
            #expect(unsafe utimensat(AT_FDCWD, place.path, times, 0) == 0)
            #expect(place.users.verify(name, Array("correct horse".utf8)) != nil, "\(name)")
        }
    }

    @Test func `what is wrong is reported once, and again when it is another thing`() throws {
        let place = try UsersPlace()
        let secret = Array("correct horse".utf8)
        #expect(place.users.verify("lee", secret) != nil)
        try place.write("nonsense\n")
        for _ in 0..<5 { #expect(place.users.verify("lee", secret) != nil) }
        #expect(place.reported.count == 1)
        try place.write("# fine\nnonsense\n")
        for _ in 0..<5 { #expect(place.users.verify("lee", secret) != nil) }
        #expect(place.reported.count == 2)
        try place.write("lee:\(UsersFileTests.hash):\n")
        #expect(place.users.verify("lee", secret) != nil)
        try place.write("nonsense\n")
        #expect(place.users.verify("lee", secret) != nil)
        #expect(place.reported.count == 3)
    }

    @Test func `a name that only looks like another finds nobody`() throws {
        let place = try UsersPlace()
        try place.write("K:\(UsersFileTests.hash):\n")
        let secret = Array("correct horse".utf8)
        #expect(place.users.verify("K", secret) != nil)
        // U+212A equals K for Swift, and is none.
        #expect(place.users.verify("\u{212A}", secret) == nil)
        var file = try UsersFileAccess.read(place.path)
        #expect(!file.remove("\u{212A}") && file.users.count == 1)
    }
}
