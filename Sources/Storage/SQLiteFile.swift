import Glibc
import Synchronization

/// The file of a database: made with its mode, so that at no time others can read it.
enum SQLiteFile {
    /// Held while a file is made.
    ///
    /// Closing any descriptor of a file ends all locks that the process has on it, SQLite's too. So
    /// a file is opened here only to make it, and no connection is opened to it meanwhile.
    private static let creation = Mutex(())

    /// Opens a connection to the file, which is made if there is none; its mode becomes 0600.
    static func connect(to path: String) throws(StoreError) -> SQLiteConnection {
        // SQLite gives names such as ":memory:" a meaning of their own.
        let path = path.hasPrefix("/") ? path : "./" + path
        let attempt = "open the database \(path)"
        guard !path.utf8.contains(0) else {
            throw StoreError(.inaccessible, attempt, cause: "its name has a NUL")
        }
        let made = creation.withLock { _ in create(path, attempt) }
        try made.get()
        return try SQLiteConnection(path: path)
    }

    private static func create(_ path: String, _ attempt: String) -> Result<Void, StoreError> {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            close(descriptor)
            return .success(())
        }
        guard errno == EEXIST else { return .failure(systemError(attempt)) }
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return .failure(systemError(attempt)) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            return .failure(StoreError(.inaccessible, attempt, cause: "it is not a regular file"))
        }
        if status.st_mode & 0o077 != 0 {
            guard unsafe chmod(path, 0o600) == 0 else {
                return .failure(systemError("keep others from reading \(path)"))
            }
        }
        return .success(())
    }

    private static func systemError(_ attempt: String) -> StoreError {
        let code = errno
        let cause = unsafe String(cString: strerror(code))
        return StoreError(code == ENOSPC ? .full : .inaccessible, attempt, cause: cause)
    }
}
