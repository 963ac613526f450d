import Glibc

/// What is open behind the audit log; used by one thread.
///
/// What was written is whole lines, whatever fails: a batch that does not fit into a file is taken
/// back out of it, and of one that another reader has begun to see the rest follows.
struct AuditOutput: ~Copyable, Sendable {
    private let destination: AuditDestination
    private var descriptor: OwnedDescriptor?
    private let borrowed: Int32
    /// The end of the file after the last batch; nil where somebody else may have written since.
    private var knownEnd: off_t?
    /// Whether the last line that was written lacks its end.
    private var isTorn = false

    /// How long a reader that does not read is waited for, in milliseconds.
    private static let patience: Int32 = 1000
    /// How long another process that writes the same file is waited for, in tenths of a second.
    private static let lockAttempts = 20

    init(_ destination: AuditDestination) throws(AuditSinkFailure) {
        self.destination = destination
        switch destination {
        case .descriptor(let number): borrowed = number
        case .file(let path):
            borrowed = -1
            descriptor = try Self.open(path)
        case .syslog(let socket):
            borrowed = -1
            descriptor = try SyslogSocket.connect(to: socket)
        }
    }

    private var number: Int32 { descriptor?.number ?? borrowed }

    /// Opens the file anew, if the destination is one.
    ///
    /// On failure the old file stays in use.
    mutating func reopen() throws(AuditSinkFailure) {
        guard case .file(let path) = destination else { return }
        descriptor = try Self.open(path)
        knownEnd = nil
    }

    /// Writes what `batch` has from `offset` on, which is moved to the end of the last whole line that
    /// was written.
    mutating func write(_ batch: [UInt8], from offset: inout Int) throws(AuditSinkFailure) {
        switch destination {
        case .file: try writeFile(batch, from: &offset)
        case .descriptor: try writeStream(batch, from: &offset)
        case .syslog(let socket): try writeMessages(batch, from: &offset, socket)
        }
    }

    /// Waits until what was written is on the disk, if the destination is a file.
    func sync() throws(AuditSinkFailure) {
        guard case .file = destination else { return }
        guard fdatasync(number) == 0 else {
            throw AuditSinkFailure("write it to the disk", code: errno)
        }
    }

    private static func open(_ path: String) throws(AuditSinkFailure) -> OwnedDescriptor {
        let flags = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC
        let number = unsafe Glibc.open(path, flags, 0o640)
        guard number >= 0 else { throw AuditSinkFailure("open \(path)", code: errno) }
        return OwnedDescriptor(number)
    }
}

// MARK: - A file

extension AuditOutput {
    private mutating func writeFile(
        _ batch: [UInt8], from offset: inout Int
    ) throws(AuditSinkFailure) {
        // Commands append to the same file; the lock is for order only, so that who holds it and
        // does not let go cannot stop the log.
        let isLocked = lock()
        defer { if isLocked { flock(number, LOCK_UN) } }
        var status = stat()
        guard unsafe fstat(number, &status) == 0 else {
            throw AuditSinkFailure("look at its file", code: errno)
        }
        let isRegular = status.st_mode & S_IFMT == S_IFREG
        let start = status.st_size
        if isRegular, start != knownEnd, try isCutOff(at: start) {
            // Somebody was killed while writing.
            var ignored = 0
            try put([UInt8(ascii: "\n")], from: &ignored)
        }
        let begun = offset
        do throws(AuditSinkFailure) {
            try put(batch, from: &offset)
            knownEnd = isRegular && isLocked ? start + off_t(batch.count - begun) : nil
        } catch {
            knownEnd = nil
            if isRegular, ftruncate(number, start) == 0 { offset = begun }
            throw error
        }
    }

    private func lock() -> Bool {
        for _ in 0..<Self.lockAttempts {
            if flock(number, LOCK_EX | LOCK_NB) == 0 { return true }
            guard errno == EWOULDBLOCK || errno == EINTR else { return false }
            usleep(100_000)
        }
        return false
    }

    private func isCutOff(at end: off_t) throws(AuditSinkFailure) -> Bool {
        guard end > 0 else { return false }
        var last: UInt8 = 0
        guard unsafe pread(number, &last, 1, end - 1) == 1 else {
            throw AuditSinkFailure("read the end of its file", code: errno)
        }
        return last != UInt8(ascii: "\n")
    }
}

// MARK: - A stream and messages

extension AuditOutput {
    /// A line that was cut off is ended and written again: others may have written in between.
    private mutating func writeStream(
        _ batch: [UInt8], from offset: inout Int
    ) throws(AuditSinkFailure) {
        if isTorn {
            var ignored = 0
            try put([UInt8(ascii: "\n")], from: &ignored)
            isTorn = false
        }
        do throws(AuditSinkFailure) {
            try put(batch, from: &offset)
        } catch {
            let reached = offset
            offset = batch[..<reached].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            isTorn = reached > offset
            throw error
        }
    }

    private mutating func writeMessages(
        _ batch: [UInt8], from offset: inout Int, _ socket: String
    ) throws(AuditSinkFailure) {
        if descriptor == nil { descriptor = try SyslogSocket.connect(to: socket) }
        while offset < batch.count {
            let end = batch[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? batch.count
            do throws(AuditSinkFailure) {
                try SyslogSocket.send(batch[offset..<end], to: number)
            } catch {
                // Whoever listens may have begun anew.
                descriptor = nil
                throw error
            }
            offset = end + 1
        }
    }

    private func put(_ bytes: [UInt8], from offset: inout Int) throws(AuditSinkFailure) {
        while offset < bytes.count {
            let result = unsafe bytes.withUnsafeBytes { all in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: all[offset...])
                return unsafe Glibc.write(number, rest.baseAddress, rest.count)
            }
            if result > 0 {
                offset += result
                continue
            }
            let code = errno
            if result < 0, code == EINTR { continue }
            if result < 0, code == EAGAIN, isWritable() { continue }
            throw AuditSinkFailure("write", code: result == 0 ? EIO : code)
        }
    }

    private func isWritable() -> Bool {
        var request = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
        return unsafe poll(&request, 1, Self.patience) == 1
    }
}
