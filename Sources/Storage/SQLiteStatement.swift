import CSQLite

/// One prepared statement: owns it and finalizes it.
@safe struct SQLiteStatement: ~Copyable {
    private let statement: OpaquePointer
    private let connection: SQLiteConnection
    private var parameters: Int32 = 0

    init(_ statement: OpaquePointer, of connection: SQLiteConnection) {
        unsafe self.statement = statement
        self.connection = connection
    }

    deinit {
        unsafe sqlite3_finalize(statement)
    }

    /// Gives the next parameter a text; a NUL in it is a character as any other.
    mutating func bind(_ text: String) throws(StoreError) {
        parameters += 1
        let bytes = Array(text.utf8.map(CChar.init(bitPattern:))) + [0]
        try check(
            unsafe gh_sqlite3_bind_text_copy(statement, parameters, bytes, Int32(bytes.count - 1)))
    }

    /// Gives the next parameter bytes.
    mutating func bind(_ bytes: [UInt8]) throws(StoreError) {
        parameters += 1
        try check(
            unsafe gh_sqlite3_bind_blob_copy(statement, parameters, bytes, Int32(bytes.count)))
    }

    /// Gives the next parameter a number.
    mutating func bind(_ number: Int64) throws(StoreError) {
        parameters += 1
        try check(unsafe sqlite3_bind_int64(statement, parameters, number))
    }

    /// Gives the next parameter a number, or NULL.
    mutating func bind(_ number: Int64?) throws(StoreError) {
        if let number { return try bind(number) }
        try bindNull()
    }

    /// Gives the next parameter bytes, or NULL.
    mutating func bind(_ bytes: [UInt8]?) throws(StoreError) {
        if let bytes { return try bind(bytes) }
        try bindNull()
    }

    /// Gives the next parameter a text, or NULL.
    mutating func bind(_ text: String?) throws(StoreError) {
        if let text { return try bind(text) }
        try bindNull()
    }

    private mutating func bindNull() throws(StoreError) {
        parameters += 1
        try check(unsafe sqlite3_bind_null(statement, parameters))
    }

    /// Runs a statement that gives no rows.
    func run() throws(StoreError) {
        while try step() {}
    }

    /// Goes to the next row; false at the end.
    func step() throws(StoreError) -> Bool {
        let code = unsafe sqlite3_step(statement)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw connection.error(code)
        }
    }

    /// A column of the row, which must be a text.
    func text(_ column: Int32) throws(StoreError) -> String {
        guard unsafe sqlite3_column_type(statement, column) == SQLITE_TEXT,
            let start = unsafe sqlite3_column_text(statement, column)
        else { throw wrongType(column) }
        let count = Int(unsafe sqlite3_column_bytes(statement, column))
        let bytes = unsafe UnsafeBufferPointer(start: start, count: count)
        guard let text = unsafe String(validating: bytes, as: UTF8.self) else {
            throw wrongType(column)
        }
        return text
    }

    /// A column of the row, which must be a blob.
    func bytes(_ column: Int32) throws(StoreError) -> [UInt8] {
        guard unsafe sqlite3_column_type(statement, column) == SQLITE_BLOB else {
            throw wrongType(column)
        }
        let start = unsafe sqlite3_column_blob(statement, column)
        let count = Int(unsafe sqlite3_column_bytes(statement, column))
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// A column of the row, which must be a whole number.
    func integer(_ column: Int32) throws(StoreError) -> Int64 {
        guard unsafe sqlite3_column_type(statement, column) == SQLITE_INTEGER else {
            throw wrongType(column)
        }
        return unsafe sqlite3_column_int64(statement, column)
    }

    /// Whether a column of the row is NULL.
    func isNull(_ column: Int32) -> Bool {
        unsafe sqlite3_column_type(statement, column) == SQLITE_NULL
    }

    /// A column of the row, which must be a whole number or NULL.
    func optionalInteger(_ column: Int32) throws(StoreError) -> Int64? {
        isNull(column) ? nil : try integer(column)
    }

    /// A column of the row, which must be a blob or NULL.
    func optionalBytes(_ column: Int32) throws(StoreError) -> [UInt8]? {
        isNull(column) ? nil : try bytes(column)
    }

    /// A column of the row, which must be a text or NULL.
    func optionalText(_ column: Int32) throws(StoreError) -> String? {
        isNull(column) ? nil : try text(column)
    }

    private func check(_ code: Int32) throws(StoreError) {
        guard code == SQLITE_OK else { throw connection.error(code) }
    }

    private func wrongType(_ column: Int32) -> StoreError {
        StoreError(
            .corrupt, connection.attempt, cause: "column \(column) holds a value of a wrong type")
    }
}
