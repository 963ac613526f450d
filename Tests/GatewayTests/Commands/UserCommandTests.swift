import AuthorizationServer
import Configuration
import Foundation
import HTTP
import Storage
import Testing
import Transport

@testable import Gateway

@Suite struct UserCommandTests {
    private let place: Place
    private let pool: BlockingPool

    init() throws {
        place = try Place(
            Place.start.replacingOccurrences(
                of: "file: users", with: "file: \"{folder}/users\"")
                + "servers:\n" + Place.tickets)
        pool = try BlockingPool(name: "test", threads: 1, queueLimit: 8)
    }

    private var usersPath: String {
        (place.path as NSString).deletingLastPathComponent + "/users"
    }

    private func add(
        _ name: String, groups: [String] = [], password: String = "correct horse",
        source: String? = nil
    ) async throws -> Int32 {
        try await add(name, groups: groups, bytes: Array(password.utf8), source: source)
    }

    private func add(
        _ name: String, groups: [String] = [], bytes: [UInt8], source: String? = nil
    ) async throws -> Int32 {
        try await pool.run { [path = place.path] in
            UserCommand.add(configurationFile: path, source: source, name: name, groups: groups) {
                bytes
            }
        }
    }

    private func remove(_ name: String) async throws -> Int32 {
        try await pool.run { [path = place.path] in
            UserCommand.remove(configurationFile: path, source: nil, name: name)
        }
    }

    @Test func `a user who is added can sign in, and another password replaces the first`()
        async throws
    {
        #expect(try await add("lee", groups: ["support", "ops"]) == 0)
        let first = try #require(try UsersFileAccess.read(usersPath).user("lee"))
        #expect(first.groups == ["support", "ops"])
        #expect(first.password.matches(Array("correct horse".utf8)))
        #expect(try await add("kim", source: "local") == 0)
        #expect(try await add("lee", groups: ["ops"], password: "another horse") == 0)
        let users = try UsersFileAccess.read(usersPath).users
        #expect(users.map(\.name) == ["lee", "kim"])
        #expect(users[0].groups == ["ops"])
        #expect(users[0].password.matches(Array("another horse".utf8)))
        #expect(!users[0].password.matches(Array("correct horse".utf8)))
        let mode = try FileManager.default.attributesOfItem(atPath: usersPath)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        for isJSON in [false, true] {
            #expect(
                UserCommand.list(configurationFile: place.path, source: nil, asJSON: isJSON) == 0)
        }
    }

    @Test(arguments: [
        "", "a b", "a:b", "a,b", "#lee", "l\u{E9}e", "lee\n", String(repeating: "x", count: 65),
    ])
    func `a name that no user can have is refused`(name: String) async throws {
        #expect(try await add(name) == 1)
        #expect(try await add("lee", groups: [name]) == 1)
        #expect(try await remove(name) == 1)
        #expect(!FileManager.default.fileExists(atPath: usersPath))
    }

    @Test(arguments: [
        [], Array("7 bytes".utf8), Array("\u{1F600}\u{1F600}".utf8),
        [UInt8](repeating: 0x78, count: 1025),
        // ISO 8859-1.
        Array("caf".utf8) + [0xE9] + Array(" au lait".utf8),
    ])
    func `a password that nobody should or can have is refused`(password: [UInt8]) async throws {
        #expect(try await add("lee", bytes: password) == 1)
        #expect(!FileManager.default.fileExists(atPath: usersPath))
    }

    @Test func `a sign-in that is not there, and a group that is named twice, are refused`()
        async throws
    {
        #expect(try await add("lee", source: "other") == 1)
        #expect(try await add("lee", groups: ["a", "a"]) == 1)
        let groups = (0..<20).map { String(repeating: "g", count: 60) + "\($0)" }
        #expect(try await add("lee", groups: groups) == 1)
        #expect(!FileManager.default.fileExists(atPath: usersPath))
    }

    @Test func `a file with errors is not written again`() async throws {
        try Data("nonsense\n".utf8).write(to: URL(filePath: usersPath))
        #expect(try await add("lee") == 1)
        #expect(try await remove("lee") == 1)
        #expect(
            UserCommand.list(configurationFile: place.path, source: nil, asJSON: false) == 1)
        #expect(try String(contentsOfFile: usersPath, encoding: .utf8) == "nonsense\n")
    }

    @Test func `who is removed is removed with what was agreed to`() async throws {
        let configuration = try place.configuration()
        for name in ["lee", "kim"] { #expect(try await add(name) == 0) }
        let store = try await GatewayState.open(configuration, pool: pool).store
        let issuer = configuration.publicURL.description
        for name in ["lee", "kim", "gone"] {
            let subject = User.subject(of: name, from: "local", issuer: issuer)
            let grant = GrantRecord(
                id: "grant-\(name)", server: "tickets", subject: subject, source: "local",
                userName: name, client: "c", clientName: "C", scope: "tickets:read",
                issuedAt: 1_800_000_000, expiresAt: 4_000_000_000)
            try await store.record(grant)
        }
        #expect(try await remove("lee") == 0)
        #expect(try UsersFileAccess.read(usersPath).users.map(\.name) == ["kim"])
        #expect(try await store.grant("grant-lee")?.endedAt != nil)
        #expect(try await store.grant("grant-kim")?.endedAt == nil)
        // As after an attempt that was cut short.
        #expect(try await remove("gone") == 0)
        #expect(try await store.grant("grant-gone")?.endedAt != nil)
        for name in ["lee", "gone", "nobody"] { #expect(try await remove(name) == 1) }
        await store.close()
    }
}
