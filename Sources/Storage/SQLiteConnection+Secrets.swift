/// The rows of secrets, read and written.
extension SQLiteConnection {
    /// The tables of secrets, which have the same columns.
    enum SecretTable {
        /// Root keys of seals.
        case sealKeys
        /// Secrets of the audit log's codes.
        case auditSecrets

        fileprivate var selection: StaticString {
            switch self {
            case .sealKeys:
                "SELECT id, secret, is_sealed, created_at FROM seal_key ORDER BY created_at DESC, id"
            case .auditSecrets:
                """
                SELECT id, secret, is_sealed, created_at FROM audit_secret
                ORDER BY created_at DESC, id
                """
            }
        }

        fileprivate var insertion: StaticString {
            switch self {
            case .sealKeys:
                "INSERT INTO seal_key (id, secret, is_sealed, created_at) VALUES (?, ?, ?, ?)"
            case .auditSecrets:
                "INSERT INTO audit_secret (id, secret, is_sealed, created_at) VALUES (?, ?, ?, ?)"
            }
        }
    }

    /// The secrets of a table, the newest first.
    func secrets(in table: SecretTable) throws(StoreError) -> [SealKeyRecord] {
        let statement = try prepare(table.selection)
        var records: [SealKeyRecord] = []
        while try statement.step() {
            let secret = StoredSecret(
                bytes: try statement.bytes(1), isSealed: try statement.integer(2) == 1)
            records.append(
                SealKeyRecord(
                    id: try statement.text(0), secret: secret, createdAt: try statement.integer(3)))
        }
        return records
    }

    /// The secrets of a table; `candidate` is put there if it was empty.
    func secrets(
        in table: SecretTable, orInsert candidate: SealKeyRecord
    ) throws(StoreError) -> [SealKeyRecord] {
        let secrets = try secrets(in: table)
        guard secrets.isEmpty else { return secrets }
        try insert(candidate, into: table)
        return [candidate]
    }

    /// Writes a secret.
    func insert(_ key: SealKeyRecord, into table: SecretTable) throws(StoreError) {
        var statement = try prepare(table.insertion)
        try statement.bind(key.id)
        try statement.bind(key.secret.bytes)
        try statement.bind(key.secret.isSealed ? 1 : 0)
        try statement.bind(key.createdAt)
        try statement.run()
    }
}
