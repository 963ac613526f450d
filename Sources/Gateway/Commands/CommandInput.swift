import Glibc

/// What commands read beside the configuration: a file, or standard input.
enum CommandInput {
    /// The longest text that is read, in bytes.
    static let limit = 4 << 20

    /// The token of a file, or of standard input for `-`, without the end of its line.
    ///
    /// - Throws: ``StartFailure``, which shows nothing of the content.
    static func token(_ file: String) throws -> [UInt8] {
        var bytes = try read(file)
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return bytes
    }

    /// The content of a file, or of standard input for `-`.
    ///
    /// - Throws: ``StartFailure``, which shows nothing of the content.
    static func read(_ file: String) throws -> [UInt8] {
        let isStandard = file == "-"
        let descriptor = isStandard ? 0 : unsafe open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(file) }
        defer { if !isStandard { _ = close(descriptor) } }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe Glibc.read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(file) }
            guard count > 0 else { return bytes }
            bytes += piece[..<count]
            guard bytes.count <= limit else {
                throw StartFailure(reason: "\(file) has more than \(limit) bytes")
            }
        }
    }

    private static func failure(_ file: String) -> StartFailure {
        StartFailure(reason: "cannot read \(file): \(unsafe String(cString: strerror(errno)))")
    }
}
