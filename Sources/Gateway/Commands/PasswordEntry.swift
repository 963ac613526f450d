import AuthorizationServer
import Glibc

/// Reads a password that somebody types, or that a program hands over.
enum PasswordEntry {
    /// The longest line that is read, in bytes.
    private static let lineLimit = PasswordHash.maximumPasswordLength + 1
    /// What ends or stops a program from the outside, and would leave the terminal without echo.
    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP]
    /// How long a signal waits at most, in milliseconds.
    private static let signalDelay: Int32 = 100

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
        return try read(fromTerminal: terminal)
    }

    /// What is typed twice on a terminal.
    ///
    /// - Throws: ``StartFailure``.
    static func read(fromTerminal terminal: Int32) throws -> [UInt8] {
        let first = try ask("Password: ", terminal)
        let second = try ask("Again: ", terminal)
        guard first == second else { throw StartFailure(reason: "the passwords differ") }
        return first
    }

    private static func ask(_ prompt: String, _ terminal: Int32) throws -> [UInt8] {
        while true {
            if let answer = try askOnce(prompt, terminal) { return answer }
            // Who is still here was stopped for a while, or does not mind the signal.
        }
    }

    /// Asks without showing what is typed.
    ///
    /// Signals wait, so that the terminal is as it was before they end or stop the program.
    ///
    /// - Returns: nil after a signal.
    private static func askOnce(_ prompt: String, _ terminal: Int32) throws -> [UInt8]? {
        var blocked = sigset_t()
        var before = sigset_t()
        unsafe sigemptyset(&blocked)
        for signal in signals { unsafe sigaddset(&blocked, signal) }
        unsafe pthread_sigmask(SIG_BLOCK, &blocked, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        var settings = termios()
        guard unsafe tcgetattr(terminal, &settings) == 0 else {
            throw StartFailure(reason: "the terminal does not say how it is set")
        }
        var hidden = settings
        hidden.c_lflag &= ~tcflag_t(ECHO)
        hidden.c_lflag |= tcflag_t(ECHONL)
        guard unsafe tcsetattr(terminal, TCSAFLUSH, &hidden) == 0 else {
            throw StartFailure(reason: "the terminal would show the password")
        }
        defer { unsafe tcsetattr(terminal, TCSAFLUSH, &settings) }
        let text = Array(prompt.utf8)
        _ = unsafe text.withUnsafeBytes { unsafe write(terminal, $0.baseAddress, $0.count) }
        guard isAnswered(terminal) else { return nil }
        return try line(from: terminal)
    }

    /// Waits for a line, or a signal; whether it was a line.
    private static func isAnswered(_ terminal: Int32) -> Bool {
        var wait = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
        while true {
            var pending = sigset_t()
            unsafe sigpending(&pending)
            if signals.contains(where: { unsafe sigismember(&pending, $0) == 1 }) { return false }
            // An error shows when the line is read.
            if unsafe poll(&wait, 1, signalDelay) != 0 { return true }
        }
    }

    /// The bytes up to the end of the line, and one more than a password may have.
    ///
    /// - Throws: ``StartFailure``.
    static func line(from descriptor: Int32) throws -> [UInt8] {
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
