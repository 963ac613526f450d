import Glibc

/// Reads the files of an audit log, line by line.
enum AuditFile {
    /// How much is read at once, in bytes.
    private static let chunkSize = 1 << 20
    /// The longest line that is looked at, in bytes: longer than any of the audit log.
    static let lineLimit = 256 << 10
    /// The largest file of keys, in bytes.
    private static let keysLimit = 1 << 20
    /// How long whoever writes the file is waited for, in tenths of a second.
    private static let lockAttempts = 10

    /// Gives every line of a file to `body`, without its line feed, with its place.
    ///
    /// What is appended after the beginning is not read. A line over ``lineLimit`` is given cut.
    ///
    /// - Throws: ``AuditSinkFailure`` if the file cannot be read.
    static func read(
        _ path: String, _ body: (ArraySlice<UInt8>, AuditPlace) -> Void
    ) throws(AuditSinkFailure) {
        let descriptor = try open(path)
        let end = try size(of: descriptor, path)
        var rest: [UInt8] = []
        var line = 1
        var offset: off_t = 0
        while end.map({ offset < $0 }) ?? true {
            let wanted = end.map { min(Self.chunkSize, Int($0 - offset)) } ?? Self.chunkSize
            let chunk = try read(descriptor, atMost: wanted, path)
            guard !chunk.isEmpty else { break }
            offset += off_t(chunk.count)
            var start = 0
            while let feed = chunk[start...].firstIndex(of: UInt8(ascii: "\n")) {
                if rest.isEmpty {
                    body(chunk[start..<feed], AuditPlace(file: path, line: line))
                } else {
                    rest += chunk[start..<feed]
                    body(rest[...], AuditPlace(file: path, line: line))
                    rest = []
                }
                line += 1
                start = feed + 1
            }
            rest += chunk[start...].prefix(max(0, Self.lineLimit - rest.count))
        }
        if !rest.isEmpty { body(rest[...], AuditPlace(file: path, line: line)) }
    }

    /// The whole content of a small file.
    ///
    /// - Throws: ``AuditSinkFailure`` if it cannot be read, or is large.
    static func content(of path: String) throws(AuditSinkFailure) -> [UInt8] {
        let descriptor = try open(path)
        var content: [UInt8] = []
        while true {
            let chunk = try read(descriptor, atMost: Self.keysLimit, path)
            guard !chunk.isEmpty else { return content }
            content += chunk
            guard content.count <= keysLimit else {
                throw AuditSinkFailure("read \(path)", code: EFBIG)
            }
        }
    }

    private static func open(_ path: String) throws(AuditSinkFailure) -> OwnedDescriptor {
        let number = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { throw AuditSinkFailure("open \(path)", code: errno) }
        return OwnedDescriptor(number)
    }

    /// The size of a file between two batches of whoever writes it; nil for what is no regular file.
    private static func size(
        of descriptor: OwnedDescriptor, _ path: String
    ) throws(AuditSinkFailure) -> off_t? {
        var isLocked = false
        for attempt in 0..<lockAttempts where !isLocked {
            if attempt > 0 { usleep(100_000) }
            isLocked = flock(descriptor.number, LOCK_SH | LOCK_NB) == 0
        }
        defer { if isLocked { flock(descriptor.number, LOCK_UN) } }
        var status = stat()
        guard unsafe fstat(descriptor.number, &status) == 0 else {
            throw AuditSinkFailure("look at \(path)", code: errno)
        }
        return status.st_mode & S_IFMT == S_IFREG ? status.st_size : nil
    }

    private static func read(
        _ descriptor: OwnedDescriptor, atMost limit: Int, _ path: String
    ) throws(AuditSinkFailure) -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: limit)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor.number, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw AuditSinkFailure("read \(path)", code: errno) }
            chunk.removeLast(chunk.count - count)
            return chunk
        }
    }
}
