internal import Glibc

/// Reads the configuration file and the files that it names.
struct FileReader: Sendable {
    /// Why a file cannot be read.
    struct Failure: Error {
        /// The end of a sentence that begins with the file.
        let reason: String
    }

    /// The directory that relative paths begin in, with its `/`; empty for the working directory.
    let directory: String
    /// The only files that there are, by their paths; nil for those of the system.
    private let files: [String: [UInt8]]?

    /// A reader of the files that a configuration file names.
    init(besides configurationFile: String, among files: [String: [UInt8]]? = nil) {
        self.files = files
        let end = configurationFile.lastIndex(of: "/").map { configurationFile.index(after: $0) }
        directory = String(configurationFile[..<(end ?? configurationFile.startIndex)])
    }

    /// The path of a file that the configuration file names.
    func resolve(_ path: String) -> String {
        path.hasPrefix("/") ? path : directory + path
    }

    /// The content of a file.
    func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        if let files {
            guard let bytes = files[path] else { throw Failure(reason: "does not exist") }
            guard bytes.count <= limit else { throw Self.excess(of: limit) }
            return bytes
        }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure() }
        defer { _ = close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe Glibc.read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Self.failure() }
            guard count > 0 else { return bytes }
            bytes += piece[..<count]
            guard bytes.count <= limit else { throw Self.excess(of: limit) }
        }
    }

    /// Whether the system lets every user read the file.
    func isReadableByEveryone(_ path: String) -> Bool {
        var status = stat()
        guard files == nil, unsafe stat(path, &status) == 0 else { return false }
        return status.st_mode & 0o004 != 0
    }

    private static func excess(of limit: Int) -> Failure {
        Failure(reason: "has more than \(limit) bytes")
    }

    private static func failure() -> Failure {
        let number = errno
        switch number {
        case ENOENT: return Failure(reason: "does not exist")
        case EACCES: return Failure(reason: "may not be read by this user")
        case EISDIR: return Failure(reason: "is a directory")
        default: return Failure(reason: "cannot be read (error \(number))")
        }
    }
}
