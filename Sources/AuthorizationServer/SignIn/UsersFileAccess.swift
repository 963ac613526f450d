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
        var device: UInt = 0
        var inode: UInt = 0
        var size = 0
        /// Nanoseconds since 1970.
        var modifiedAt: Int64 = 0
        /// Whether another change might have the same time, as coarse as times of files are.
        var isYoung = false
    }

    /// How coarse times of files may be, in nanoseconds.
    private static let granularity: Int64 = 20_000_000

    /// What tells whether the file has changed; nil for no file.
    static func stamp(of path: String) -> Stamp? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        let modifiedAt = nanoseconds(status.st_mtim)
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return Stamp(
            device: UInt(status.st_dev), inode: UInt(status.st_ino), size: Int(status.st_size),
            modifiedAt: modifiedAt,
            isYoung: nanoseconds(now) &- modifiedAt <= granularity)
    }

    // A file may say that it is from any year.
    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }

    /// The users of a file; none where there is no file.
    ///
    /// - Throws: ``Failure``.
    package static func read(_ path: String) throws(Failure) -> UsersFile {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
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

    /// Changes a file, which is made where there is none.
    ///
    /// Two changes at a time wait for each other; none is lost.
    ///
    /// - Throws: ``Failure``, and what `change` throws; the file stays as it was then.
    package static func update<Value>(
        _ path: String, _ change: (inout UsersFile) throws -> Value
    ) throws -> Value {
        let path = resolved(path)
        let descriptor = unsafe open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("write", path) }
        defer { _ = close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw failure("lock", path) }
        }
        var file = try read(path)
        let value = try change(&file)
        try write(file, to: path)
        return value
    }

    /// Puts a file in the place of the old one.
    ///
    /// Whoever reads it meanwhile reads the old one or the new one, whole. Its owner and mode are
    /// those of the old one without what others may do; without an old one its mode is 0600.
    ///
    /// - Throws: ``Failure``; the file stays as it was then.
    package static func write(_ file: UsersFile, to path: String) throws(Failure) {
        let path = resolved(path)
        let bytes = file.bytes
        // What could not be read again would leave the gateway without users.
        guard bytes.count <= UsersFile.maximumSize else {
            throw Failure(description: "the users file \(path) would be too large")
        }
        let written: UsersFile
        do throws(UsersFile.Violation) { written = try UsersFile(parsing: bytes) } catch {
            throw Failure(description: "the users file \(path) would not be one: \(error)")
        }
        guard written.users == file.users else {
            throw Failure(description: "the users file \(path) would have other users")
        }
        let temporary = "\(path).\(getpid()).new"
        unsafe unlink(temporary)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
        let descriptor = unsafe open(temporary, flags, 0o600)
        guard descriptor >= 0 else { throw failure("write", path) }
        defer { _ = close(descriptor) }
        guard keepOwner(of: path, on: descriptor), writeAll(bytes, to: descriptor),
            fsync(descriptor) == 0, unsafe rename(temporary, path) == 0
        else {
            let code = errno
            unsafe unlink(temporary)
            errno = code
            throw failure("write", path)
        }
        try syncFolder(of: path)
    }

    /// Gives a file the owner and mode of the one at `path`, if there is one.
    ///
    /// A file that belonged to whoever changed it last would be one that the gateway cannot read.
    private static func keepOwner(of path: String, on descriptor: Int32) -> Bool {
        var old = stat()
        guard unsafe stat(path, &old) == 0 else { return errno == ENOENT }
        var new = stat()
        guard unsafe fstat(descriptor, &new) == 0 else { return false }
        if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid),
            fchown(descriptor, old.st_uid, old.st_gid) != 0
        {
            return false
        }
        return fchmod(descriptor, old.st_mode & 0o660 | 0o600) == 0
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
    private static func syncFolder(of path: String) throws(Failure) {
        let descriptor = unsafe open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("keep", path) }
        defer { _ = close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("keep", path) }
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    }

    /// The file that a link names; a file in the link's place would part the two.
    private static func resolved(_ path: String) -> String {
        guard let real = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    private static func failure(_ verb: String, _ path: String) -> Failure {
        let cause = unsafe String(cString: strerror(errno))
        return Failure(description: "could not \(verb) the users file \(path): \(cause)")
    }
}
