import AuthorizationServer
import Foundation
import Testing

@Suite struct UsersFileTests {
    /// The hash of "correct horse", made by another implementation (hashlib.scrypt).
    static let hash =
        "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$"
        + "nfkj3u1fRTHCea+fVr03sWV770kp5wLOLoEakziKhqE"

    private func folder() throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "gatehouse-users-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder.path
    }

    @Test func `a file is read and written as it was`() throws {
        let text = "# staff\nlee:\(Self.hash):support,ops\n\nkim@example.com:\(Self.hash):\n"
        let file = try UsersFile(parsing: Array(text.utf8))
        #expect(file.users.map(\.name) == ["lee", "kim@example.com"])
        #expect(file.user("lee")?.groups == ["support", "ops"])
        #expect(file.user("kim@example.com")?.groups == [])
        #expect(String(decoding: file.bytes, as: UTF8.self) == text)
        #expect(file.user("Lee") == nil && file.user("") == nil && file.user("# staff") == nil)
    }

    @Test func `a user is added, replaced and removed in place`() throws {
        let text = "# one\nlee:\(Self.hash):a\nkim:\(Self.hash):b\n"
        var file = try UsersFile(parsing: Array(text.utf8))
        let password = try #require(PasswordHash(Self.hash))
        let changes = [
            file.set(UsersFile.Entry(name: "lee", password: password, groups: ["c"])),
            file.set(UsersFile.Entry(name: "new", password: password, groups: [])),
            file.remove("kim"), file.remove("kim"),
        ]
        #expect(changes == [true, false, true, false])
        #expect(
            String(decoding: file.bytes, as: UTF8.self)
                == "# one\nlee:\(Self.hash):c\nnew:\(Self.hash):\n")
    }

    @Test(arguments: [
        ("lee", 1), ("lee:x:", 1), ("lee:\(hash)", 1), ("lee:\(hash)::", 1), (":\(hash):", 1),
        ("a b:\(hash):", 1), ("a,b:\(hash):", 1), ("lee:\(hash):a,", 1), ("lee:\(hash):,a", 1),
        ("lee:\(hash):a,a", 1), ("lee:\(hash):a b", 1), ("é:\(hash):", 1),
        ("lee:\(hash):\nlee:\(hash):", 2), ("# x\n\nlee:\(hash):\r", 3), (" lee:\(hash):", 1),
        ("lee:" + String(repeating: "x", count: 1100), 1),
        ("lee:$scrypt$ln=18,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw:", 1),
        ("lee:$scrypt$ln=015,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw:", 1),
        ("lee:$argon2id$ln=15,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw:", 1),
        ("lee:$scrypt$ln=15,r=8$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw:", 1),
        ("lee:$scrypt$ln=15,r=8,p=3$AAECAw$AAECAwQFBgcICQoLDA0ODw:", 1),
        ("lee:$scrypt$ln=15,r=8,p=3$AAECAwQFBgcICQoLDA0ODw==$AAECAwQFBgcICQoLDA0ODw:", 1),
    ])
    func `a line that is none is named by its number, not by its content`(
        text: String, line: Int
    )
        throws
    {
        let error = #expect(throws: UsersFile.Violation.self) {
            try UsersFile(parsing: Array(text.utf8))
        }
        #expect(error?.line == line)
        #expect(error?.description.contains("scrypt$") == false)
    }

    @Test func `a password is found by its hash, and a new one has another salt`() throws {
        let kept = try #require(PasswordHash(Self.hash))
        #expect(kept.matches(Array("correct horse".utf8)))
        #expect(!kept.matches(Array("correct horse ".utf8)) && !kept.matches([]))
        let first = try PasswordHash(of: Array("pass".utf8))
        let second = try PasswordHash(of: Array("pass".utf8))
        #expect(first.text != second.text && first.mark != second.mark)
        #expect(first.text.hasPrefix("$scrypt$ln=15,r=8,p=3$"))
        #expect(PasswordHash(first.text) == first && first.matches(Array("pass".utf8)))
        #expect("\(first)" == "(a password's hash)")
    }

    @Test func `a file is written whole, and only its owner reads it`() throws {
        let path = try folder() + "/users"
        #expect(try UsersFileAccess.read(path).users.isEmpty)
        let file = try UsersFile(parsing: Array("lee:\(Self.hash):a\n".utf8))
        try UsersFileAccess.write(file, to: path)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path)
        try UsersFileAccess.write(file, to: path)
        let later = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(later as? Int == 0o660)
        #expect(try UsersFileAccess.read(path).users.map(\.name) == ["lee"])
        #expect(
            try FileManager.default.contentsOfDirectory(
                atPath: (path as NSString).deletingLastPathComponent)
                == ["users"])
    }

    @Test func `a folder that is missing is an error that names the file`() throws {
        let path = try folder() + "/missing/users"
        let error = #expect(throws: UsersFileAccess.Failure.self) {
            try UsersFileAccess.write(UsersFile(), to: path)
        }
        #expect(error?.description.contains(path) == true)
    }
}
