/// A users file: one user a line, `name:$scrypt$…:group,group`.
///
/// Lines that are empty or begin with `#` are kept when the file is written again.
package struct UsersFile: Sendable {
    /// The most users of a file.
    package static let maximumCount = 100_000
    /// The longest line, in bytes.
    package static let maximumLineLength = 1024
    /// The largest file, in bytes.
    package static let maximumSize = 32 << 20
    /// The longest name of a user or group, in bytes.
    package static let maximumNameLength = 64

    /// One user.
    package struct Entry: Sendable, Equatable {
        /// The name that the user signs in with.
        package let name: String
        /// The password.
        package let password: PasswordHash
        /// The groups.
        package let groups: [String]

        /// A user.
        package init(name: String, password: PasswordHash, groups: [String]) {
            self.name = name
            self.password = password
            self.groups = groups
        }

        var line: String { "\(name):\(password.text):\(groups.joined(separator: ","))" }
    }

    /// A line that is none of a users file.
    package struct Violation: Error, Sendable, Equatable, CustomStringConvertible {
        /// The number of the line, from 1.
        package let line: Int
        /// What is wrong, without what is written there.
        package let reason: String

        package var description: String { "line \(line): \(reason)" }
    }

    private var lines: [(text: String, name: String?)] = []
    private var entries: [String: Entry] = [:]

    /// The users in the order of the file.
    package var users: [Entry] { lines.compactMap { $0.name.flatMap { entries[$0] } } }

    /// A file without users.
    package init() {}

    /// Reads a file.
    ///
    /// - Throws: the first line that is wrong.
    package init(parsing bytes: [UInt8]) throws(Violation) {
        try self.init(parsing: bytes, maximumCount: Self.maximumCount)
    }

    /// Reads a file of at most so many users.
    init(parsing bytes: [UInt8], maximumCount: Int) throws(Violation) {
        var number = 0
        let isEnded = bytes.last == 0x0A || bytes.isEmpty
        for bytes in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            guard bytes.count <= Self.maximumLineLength else {
                throw Violation(line: number, reason: "is longer than 1024 bytes")
            }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw Violation(line: number, reason: "is not UTF-8")
            }
            if text.isEmpty || text.hasPrefix("#") {
                lines.append((text, nil))
                continue
            }
            let entry = try Self.entry(text, number)
            guard entries[entry.name] == nil else {
                throw Violation(line: number, reason: "names a user that an earlier line names")
            }
            guard entries.count < maximumCount else {
                throw Violation(line: number, reason: "is one user too many")
            }
            entries[entry.name] = entry
            lines.append((text, entry.name))
        }
        // Half a name of a group is the name of another one.
        guard isEnded else {
            throw Violation(line: number, reason: "has no end; the file may have been cut off")
        }
        if lines.last?.text.isEmpty == true { lines.removeLast() }
    }

    private static func entry(_ text: String, _ number: Int) throws(Violation) -> Entry {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3 else {
            throw Violation(line: number, reason: "is not name:password:groups")
        }
        let groups = parts[2].split(separator: ",", omittingEmptySubsequences: false).map(
            String.init)
        guard isName(String(parts[0])) else {
            throw Violation(line: number, reason: "has a name that no user can have")
        }
        guard let password = PasswordHash(String(parts[1])) else {
            throw Violation(line: number, reason: "has a password that is not scrypt's")
        }
        let named = parts[2].isEmpty ? [] : groups
        guard named.allSatisfy(isName), Set(named).count == named.count else {
            throw Violation(line: number, reason: "has a group that no user can have")
        }
        return Entry(name: String(parts[0]), password: password, groups: named)
    }

    /// Whether a user or a group may be called so: 1 to 64 printable ASCII characters without
    /// spaces, colons and commas, and no `#` at the beginning.
    package static func isName(_ text: String) -> Bool {
        (1...maximumNameLength).contains(text.utf8.count) && !text.hasPrefix("#")
            && text.utf8.allSatisfy { byte in
                (0x21...0x7E).contains(byte) && byte != UInt8(ascii: ":")
                    && byte != UInt8(ascii: ",")
            }
    }

    /// The user of that name.
    package func user(_ name: String) -> Entry? {
        // A dictionary takes different spellings of a letter for equal; names are ASCII, `name` may
        // not be.
        guard Self.isName(name) else { return nil }
        return entries[name]
    }

    /// Adds a user, or replaces the one of that name.
    ///
    /// - Returns: whether there was one.
    package mutating func set(_ entry: Entry) -> Bool {
        let wasThere = entries.updateValue(entry, forKey: entry.name) != nil
        if let index = lines.firstIndex(where: { $0.name == entry.name }) {
            lines[index].text = entry.line
        } else {
            lines.append((entry.line, entry.name))
        }
        return wasThere
    }

    /// Removes the user of that name.
    ///
    /// - Returns: whether there was one.
    package mutating func remove(_ name: String) -> Bool {
        guard Self.isName(name), entries.removeValue(forKey: name) != nil else { return false }
        lines.removeAll { $0.name == name }
        return true
    }

    /// The file's bytes.
    package var bytes: [UInt8] {
        lines.flatMap { Array($0.text.utf8) + [0x0A] }
    }
}
