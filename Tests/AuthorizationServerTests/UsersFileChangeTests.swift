import Foundation
import Testing
import Transport

@testable import AuthorizationServer

@Suite struct UsersFileChangeTests {
    private static func folder() throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "gatehouse-users-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder.path
    }

    private static func entry(_ name: String, _ groups: [String] = []) throws -> UsersFile.Entry {
        let hash = try #require(PasswordHash(UsersFileTests.hash))
        return UsersFile.Entry(name: name, password: hash, groups: groups)
    }

    @Test func `who reads while the file is changed reads it whole`() async throws {
        let path = try Self.folder() + "/users"
        let pool = try BlockingPool(name: "two", threads: 2, queueLimit: 2)
        let entries = try (0..<20).map { try Self.entry("user\($0)") }
        try UsersFileAccess.update(path) { file in for entry in entries { _ = file.set(entry) } }
        async let writer: Void = pool.run {
            for number in 0..<40 {
                try UsersFileAccess.update(path) { file in
                    if number.isMultiple(of: 2) {
                        for entry in entries.dropFirst(10) { _ = file.remove(entry.name) }
                    } else {
                        for entry in entries.dropFirst(10) { _ = file.set(entry) }
                    }
                }
            }
        }
        let counts = try await pool.run {
            var counts: Set<Int> = []
            let end = ContinuousClock.now + .milliseconds(700)
            while ContinuousClock.now < end {
                let bytes = FileManager.default.contents(atPath: path) ?? Data()
                counts.insert(bytes.count { $0 == UInt8(ascii: "\n") })
            }
            return counts
        }
        try await writer
        #expect(counts.isSubset(of: [10, 20]), "\(counts)")
    }

    @Test func `who has the file open goes on with the old one`() throws {
        let path = try Self.folder() + "/users"
        let first = try Self.entry("lee")
        try UsersFileAccess.update(path) { file in _ = file.set(first) }
        let before = try Data(contentsOf: URL(filePath: path))
        let handle = try FileHandle(forReadingFrom: URL(filePath: path))
        let second = try Self.entry("kim")
        try UsersFileAccess.update(path) { file in _ = file.set(second) }
        #expect(try handle.readToEnd() == before)
        try handle.close()
    }

    @Test func `of changes at the same time none is lost`() async throws {
        let path = try Self.folder() + "/users"
        let pool = try BlockingPool(name: "four", threads: 4, queueLimit: 8)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    try await pool.run {
                        for number in 0..<8 {
                            let entry = try Self.entry("user\(worker)-\(number)")
                            try UsersFileAccess.update(path) { file in _ = file.set(entry) }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try UsersFileAccess.read(path).users.count == 32)
    }

    @Test func `what could not be read again is not written`() throws {
        let path = try Self.folder() + "/users"
        let before = "lee:\(UsersFileTests.hash):\n"
        try Data(before.utf8).write(to: URL(filePath: path))
        let groups = (0..<20).map { String(repeating: "g", count: 60) + "\($0)" }
        for entry in [
            try Self.entry("kim", groups), try Self.entry("a:b"),
            try Self.entry("kim", ["a", "a"]),
            try Self.entry("kim\nroot"), try Self.entry("kim", ["a,b\n"]), try Self.entry("#kim"),
        ] {
            #expect(throws: UsersFileAccess.Failure.self, "\(entry.name)") {
                try UsersFileAccess.update(path) { file in _ = file.set(entry) }
            }
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == before)
        let folder = (path as NSString).deletingLastPathComponent
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["users"])
    }

    @Test func `a file behind a link stays behind it`() throws {
        let folder = try Self.folder()
        try Data("lee:\(UsersFileTests.hash):\n".utf8).write(to: URL(filePath: folder + "/real"))
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/users", withDestinationPath: folder + "/real")
        let entry = try Self.entry("kim")
        try UsersFileAccess.update(folder + "/users") { file in _ = file.set(entry) }
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/users")
                == folder + "/real")
        #expect(try UsersFileAccess.read(folder + "/real").users.map(\.name) == ["lee", "kim"])
    }

    @Test(.enabled(if: getuid() == 0, "only root may give files away"))
    func `the file keeps its owner`() throws {
        let path = try Self.folder() + "/users"
        try Data("lee:\(UsersFileTests.hash):\n".utf8).write(to: URL(filePath: path))
        #expect(unsafe chown(path, 1234, 2345) == 0)
        let entry = try Self.entry("kim")
        try UsersFileAccess.update(path) { file in _ = file.set(entry) }
        var status = stat()
        #expect(unsafe stat(path, &status) == 0)
        #expect(status.st_uid == 1234 && status.st_gid == 2345)
    }

    @Test func `a file that was cut off is refused`() {
        for text in [
            "lee:\(UsersFileTests.hash):admin", "lee:\(UsersFileTests.hash):",
            "lee:\(UsersFileTests.hash):a\n# more",
        ] {
            let error = #expect(throws: UsersFile.Violation.self) {
                try UsersFile(parsing: Array(text.utf8))
            }
            #expect(error?.reason.contains("cut off") == true)
        }
        #expect(throws: Never.self) { try UsersFile(parsing: []) }
        #expect(throws: Never.self) { try UsersFile(parsing: [0x0A]) }
    }

    @Test func `a user more than a file may have is refused`() throws {
        let text = (1...11).map { "u\($0):\(UsersFileTests.hash):\n" }.joined()
        let error = #expect(throws: UsersFile.Violation.self) {
            try UsersFile(parsing: Array(text.utf8), maximumCount: 10)
        }
        #expect(error?.line == 11)
        #expect(try UsersFile(parsing: Array(text.utf8), maximumCount: 11).users.count == 11)
    }

    @Test func `a hash shows itself in no description`() throws {
        let entry = try Self.entry("lee")
        var dumped = ""
        dump(entry.password, to: &dumped)
        #expect(dumped.count { $0 == "\n" } == 1, "\(dumped)")
        for text in ["\(entry)", String(reflecting: entry), dumped] {
            #expect(!text.contains("nfkj") && !text.contains("hash: ["), "\(text)")
        }
    }
}
