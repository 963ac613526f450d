import Glibc

/// Reads and writes users files; blocks.
package enum UsersFileAccess {
    /// Why a users file cannot be used.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        /// What was attempted, and why it failed; no content of the file.
        package let description: String
    }

    /// What tells whether a file is still the one that was read.
    struct Stamp: Equatable, Sendable {
        var inode: UInt = 0
        var size = 0
        var seconds = 0
        var nanoseconds = 0
    }

    /// What tells whether the file has changed; nil for no file.
    static func stamp(of path: String) -> Stamp? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return Stamp(
            inode: UInt(status.st_ino), size: Int(status.st_size),
            seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    }

    /// The users of a file; none where there is no file.
    ///
    /// - Throws: ``Failure``.
    package static func read(_ path: String) throws(Failure) -> UsersFile {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return UsersFile() }
            throw failure("read", path)
        }
        defer { _ = close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe Glibc.read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            guard count > 0 else { break }
            bytes += piece[..<count]
            guard bytes.count <= UsersFile.maximumSize else {
                throw Failure(description: "the users file \(path) is too large")
            }
        }
        do throws(UsersFile.Violation) { return try UsersFile(parsing: bytes) } catch {
            throw Failure(description: "the users file \(path) is not one: \(error)")
        }
    }

    /// Puts a file in the place of the old one.
    ///
    /// Whoever reads it meanwhile reads the old one or the new one, whole. Its mode is 0600, or the
    /// old one's without what others may do.
    ///
    /// - Throws: ``Failure``.
    package static func write(_ file: UsersFile, to path: String) throws(Failure) {
        var old = stat()
        let isThere = unsafe stat(path, &old) == 0
        let temporary = "\(path).\(getpid()).new"
        unsafe unlink(temporary)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
        let descriptor = unsafe open(temporary, flags, 0o600)
        guard descriptor >= 0 else { throw failure("write", path) }
        var isDone = writeAll(file.bytes, to: descriptor) && fsync(descriptor) == 0
        if isThere {
            // The owner stays; where that is not allowed, the file belongs to who writes it.
            if fchown(descriptor, old.st_uid, old.st_gid) != 0 { errno = 0 }
            isDone = isDone && fchmod(descriptor, old.st_mode & 0o660 | 0o600) == 0
        }
        isDone = isDone && (unsafe rename(temporary, path)) == 0
        let code = errno
        close(descriptor)
        guard isDone else {
            unsafe unlink(temporary)
            errno = code
            throw failure("write", path)
        }
        syncFolder(of: path)
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// So that the new name outlives a loss of power.
    private static func syncFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func failure(_ verb: String, _ path: String) -> Failure {
        let cause = unsafe String(cString: strerror(errno))
        return Failure(description: "could not \(verb) the users file \(path): \(cause)")
    }
}
