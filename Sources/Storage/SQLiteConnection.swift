import CSQLite

/// One connection to a database file: owns it, and stays on the thread that opened it.
@safe final class SQLiteConnection {
    /// What is being done, for errors.
    var attempt: String
    private let database: OpaquePointer

    /// How long another process may hold the database before a call fails, in milliseconds.
    static let patience: Int32 = 5000

    init(path: String) throws(StoreError) {
        attempt = "open the database \(path)"
        var opened: OpaquePointer? = nil
        // Without SQLITE_OPEN_CREATE: the file was made with its mode. NOMUTEX: one thread uses the
        // connection.
        let code = unsafe sqlite3_open_v2(
            path, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard let database = unsafe opened else {
            throw StoreError(.other, attempt, cause: "SQLite is out of memory")
        }
        unsafe self.database = database
        guard code == SQLITE_OK else { throw error(code) }
        unsafe sqlite3_busy_timeout(database, Self.patience)
    }

    deinit {
        unsafe sqlite3_close_v2(database)
    }

    func prepare(_ sql: StaticString) throws(StoreError) -> SQLiteStatement {
        var prepared: OpaquePointer? = nil
        let code = unsafe sqlite3_prepare_v2(database, sql.description, -1, &prepared, nil)
        guard code == SQLITE_OK, let statement = unsafe prepared else { throw error(code) }
        return unsafe SQLiteStatement(statement, of: self)
    }

    /// Runs statements that take no parameters and whose rows do not matter.
    func execute(_ sql: String) throws(StoreError) {
        let code = unsafe sqlite3_exec(database, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(code) }
    }

    /// The whole number that a statement gives.
    func number(_ sql: StaticString) throws(StoreError) -> Int64 {
        let statement = try prepare(sql)
        guard try statement.step() else {
            throw StoreError(.corrupt, attempt, cause: "\(sql) gives no row")
        }
        return try statement.integer(0)
    }

    /// The text that a statement gives.
    func text(_ sql: StaticString) throws(StoreError) -> String {
        let statement = try prepare(sql)
        guard try statement.step() else {
            throw StoreError(.corrupt, attempt, cause: "\(sql) gives no row")
        }
        return try statement.text(0)
    }

    /// Does `body` whole or not at all; no other process writes meanwhile.
    func transaction<Value>(
        _ body: () throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        try execute("BEGIN IMMEDIATE")
        do {
            let value = try body()
            try execute("COMMIT")
            return value
        } catch {
            // Some failures (a full disk) have rolled back by themselves; then this has nothing to
            // do.
            try? execute("ROLLBACK")
            throw error
        }
    }

    /// The error for a result code of SQLite.
    func error(_ code: Int32) -> StoreError {
        let message = unsafe String(cString: sqlite3_errmsg(database))
        return StoreError(Self.kind(of: code), attempt, cause: "\(message) (SQLite \(code))")
    }

    private static func kind(of code: Int32) -> StoreError.Kind {
        switch code & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED: .busy
        case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt
        case SQLITE_FULL: .full
        case SQLITE_CANTOPEN, SQLITE_IOERR, SQLITE_PERM, SQLITE_READONLY, SQLITE_AUTH: .inaccessible
        case SQLITE_CONSTRAINT: .conflict
        default: .other
        }
    }
}
