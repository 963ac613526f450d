import CSQLite
import Testing

/// A connection that is not the store's, as another program would have it.
@safe final class OtherProgram {
    private let database: OpaquePointer

    init(path: String) throws {
        var opened: OpaquePointer? = nil
        let code = unsafe sqlite3_open(path, &opened)
        unsafe database = try #require(opened)
        try #require(code == SQLITE_OK)
    }

    deinit {
        unsafe sqlite3_close(database)
    }

    func execute(_ sql: String) throws {
        try #require(unsafe sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK)
    }
}
