internal import Glibc

/// The open file behind a sink; used by the writer's thread alone.
struct LogOutput: ~Copyable {
    private let destination: LogDestination
    private var file: OwnedDescriptor?
    private var number: Int32
    /// Whether the last line that was written lacks its end.
    private var isTorn = false

    init(_ destination: LogDestination) throws(LogSinkError) {
        self.destination = destination
        switch destination {
        case .standardOutput: number = STDOUT_FILENO
        case .standardError: number = STDERR_FILENO
        case .descriptor(let descriptor): number = descriptor
        case .file(let path):
            let file = try Self.open(path)
            self.file = file
            number = file.number
        }
    }

    /// Opens the file anew, if the destination is one.
    ///
    /// On failure the old file stays in use.
    mutating func reopen() throws(LogSinkError) {
        guard case .file(let path) = destination else { return }
        let file = try Self.open(path)
        self.file = file
        number = file.number
        isTorn = false
    }

    /// Writes `batch` with one `write`, or more if the system takes it in pieces.
    ///
    /// Waits for a slow reader. A line that an error cuts short is ended before the next batch, so
    /// that what follows is whole again.
    ///
    /// - Returns: The number of bytes of `batch` that were written; all of them, or fewer after an
    ///   error.
    mutating func write(_ batch: [UInt8]) -> Int {
        if isTorn {
            guard put([UInt8(ascii: "\n")]) == 1 else { return 0 }
            isTorn = false
        }
        let written = put(batch)
        if written > 0 { isTorn = batch[written - 1] != UInt8(ascii: "\n") }
        return written
    }

    private func put(_ bytes: [UInt8]) -> Int {
        var written = 0
        while written < bytes.count {
            let result = unsafe bytes.withUnsafeBytes { all in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: all[written...])
                return unsafe Glibc.write(number, rest.baseAddress, rest.count)
            }
            if result > 0 {
                written += result
            } else if result < 0, errno == EINTR {
                continue
            } else if result < 0, errno == EAGAIN {
                // Descriptors 1 and 2 may be shared with a process that made them non-blocking.
                var request = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&request, 1, -1)
            } else {
                break
            }
        }
        return written
    }

    private static func open(_ path: String) throws(LogSinkError) -> OwnedDescriptor {
        let number = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
        guard number >= 0 else { throw .openFailed(path: path, code: errno) }
        return OwnedDescriptor(number)
    }
}
