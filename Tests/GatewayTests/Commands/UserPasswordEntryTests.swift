import Foundation
import Testing
import Transport

@testable import Gateway

/// A terminal of a test's own: what the program has, and the person before it.
private final class TestTerminal: Sendable {
    let person: Int32
    let program: Int32

    struct Failure: Error {}

    /// TIOCSPTLCK and TIOCGPTN, which Swift does not see.
    private static let lock: UInt = 0x4004_5431
    private static let number: UInt = 0x8004_5430

    init() throws {
        person = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var number: Int32 = 0
        var isLocked: Int32 = 0
        guard person >= 0, unsafe ioctl(person, Self.lock, &isLocked) == 0,
            unsafe ioctl(person, Self.number, &number) == 0
        else { throw Failure() }
        program = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        guard program >= 0 else { throw Failure() }
    }

    deinit {
        close(person)
        close(program)
    }

    /// Whether what is typed is shown.
    var shows: Bool {
        var settings = termios()
        return unsafe tcgetattr(program, &settings) == 0 && settings.c_lflag & tcflag_t(ECHO) != 0
    }

    /// Answers each prompt with a line, and returns all that the terminal showed; blocks.
    func answer(_ answers: [String]) -> String {
        var shown = ""
        var rest = answers[...]
        var seen = 0
        while true {
            var wait = pollfd(fd: person, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&wait, 1, rest.isEmpty ? 300 : 20_000) > 0 else { return shown }
            var piece = [UInt8](repeating: 0, count: 256)
            let count = unsafe read(person, &piece, piece.count)
            guard count > 0 else { return shown }
            shown += String(decoding: piece[..<count], as: UTF8.self)
            guard shown.components(separatedBy: ": ").count - 1 > seen, let line = rest.popFirst()
            else { continue }
            seen += 1
            let bytes = Array("\(line)\n".utf8)
            _ = unsafe write(person, bytes, bytes.count)
        }
    }
}

@Suite struct UserPasswordEntryTests {
    @Test(arguments: [
        (["correct horse", "correct horse"], true), (["correct horse", "correct house"], false),
        (["caf\u{E9}", "cafe\u{301}"], false),
    ])
    func `a password is typed twice and never shown`(answers: [String], isTaken: Bool) async throws
    {
        let terminal = try TestTerminal()
        let pool = try BlockingPool(name: "terminal", threads: 2, queueLimit: 2)
        #expect(terminal.shows)
        async let shown = pool.run { terminal.answer(answers) }
        let password = try await pool.run {
            try? PasswordEntry.read(fromTerminal: terminal.program)
        }
        #expect(password == (isTaken ? Array(answers[0].utf8) : nil))
        let text = try await shown
        #expect(text.contains("Password: ") && text.contains("Again: "))
        for answer in answers { #expect(!text.contains(answer), "\(text)") }
        #expect(terminal.shows)
    }

    @Test func `what is no terminal is not asked`() throws {
        let pipe = Pipe()
        #expect(throws: StartFailure.self) {
            try PasswordEntry.read(fromTerminal: pipe.fileHandleForReading.fileDescriptor)
        }
    }

    @Test(arguments: [
        ("secret one\nsecret two\n", "secret one"), ("secret\r\n", "secret"),
        ("no end", "no end"), ("", ""), ("\n", ""), (" a b \n", " a b "),
    ])
    func `the first line is the password`(input: String, password: String) throws {
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try pipe.fileHandleForWriting.close()
        let line = try PasswordEntry.line(from: pipe.fileHandleForReading.fileDescriptor)
        #expect(line == Array(password.utf8))
    }

    @Test func `a line that is too long for a password stays too long`() throws {
        let pipe = Pipe()
        let input = Data(repeating: 0x78, count: 4000)
        try pipe.fileHandleForWriting.write(contentsOf: input)
        try pipe.fileHandleForWriting.close()
        let line = try PasswordEntry.line(from: pipe.fileHandleForReading.fileDescriptor)
        #expect(line.count > 1024 && line.count < 1100)
    }
}
