import AuthorizationServer
import Glibc

/// Reads a password that somebody types, or that a program hands over.
enum PasswordEntry {
    /// The longest line that is read, in bytes.
    private static let lineLimit = PasswordHash.maximumPasswordLength + 1

    /// The password: the first line of standard input, or what is typed twice on the terminal.
    ///
    /// - Throws: ``StartFailure``.
    static func read(readsStandardInput: Bool) throws -> [UInt8] {
        guard !readsStandardInput else { return try line(from: 0) }
        let terminal = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else {
            throw StartFailure(
                reason: "there is no terminal to ask for the password; use --password-stdin")
        }
        defer { _ = close(terminal) }
        let first = try ask("Password: ", terminal)
        let second = try ask("Again: ", terminal)
        guard first == second else { throw StartFailure(reason: "the passwords differ") }
        return first
    }

    /// Asks without showing what is typed; signals wait meanwhile, so that the terminal is left as it
    /// was.
    private static func ask(_ prompt: String, _ terminal: Int32) throws -> [UInt8] {
        var settings = termios()
        guard unsafe tcgetattr(terminal, &settings) == 0 else {
            throw StartFailure(reason: "the terminal does not say how it is set")
        }
        var hidden = settings
        hidden.c_lflag &= ~tcflag_t(ECHO)
        hidden.c_lflag |= tcflag_t(ECHONL)
        var blocked = sigset_t()
        var before = sigset_t()
        unsafe sigemptyset(&blocked)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP] {
            unsafe sigaddset(&blocked, signal)
        }
        unsafe sigprocmask(SIG_BLOCK, &blocked, &before)
        unsafe tcsetattr(terminal, TCSAFLUSH, &hidden)
        defer {
            unsafe tcsetattr(terminal, TCSAFLUSH, &settings)
            unsafe sigprocmask(SIG_SETMASK, &before, nil)
        }
        let text = Array(prompt.utf8)
        _ = unsafe text.withUnsafeBytes { unsafe write(terminal, $0.baseAddress, $0.count) }
        return try line(from: terminal)
    }

    /// The bytes up to the end of the line.
    private static func line(from descriptor: Int32) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count <= lineLimit {
            let count = unsafe Glibc.read(descriptor, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw StartFailure(reason: "the password could not be read") }
            if count == 0 || byte == 0x0A { break }
            bytes.append(byte)
        }
        if bytes.last == 0x0D { bytes.removeLast() }
        return bytes
    }
}
