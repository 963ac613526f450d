/// The rows of keys, read and written.
extension SQLiteConnection {
    func signingKeys() throws(StoreError) -> [SigningKeyRecord] {
        let statement = try prepare(
            """
            SELECT id, purpose, algorithm, private_key, is_sealed, created_at
            FROM signing_key ORDER BY created_at DESC, id
            """)
        var records: [SigningKeyRecord] = []
        while try statement.step() {
            let privateKey = StoredSecret(
                bytes: try statement.bytes(3), isSealed: try statement.integer(4) == 1)
            records.append(
                SigningKeyRecord(
                    id: try statement.text(0), purpose: try statement.text(1),
                    algorithm: try statement.text(2), privateKey: privateKey,
                    createdAt: try statement.integer(5)))
        }
        return records
    }

    func insert(_ key: SigningKeyRecord) throws(StoreError) {
        var statement = try prepare(
            """
            INSERT INTO signing_key (id, purpose, algorithm, private_key, is_sealed, created_at)
            VALUES (?, ?, ?, ?, ?, ?)
            """)
        try statement.bind(key.id)
        try statement.bind(key.purpose)
        try statement.bind(key.algorithm)
        try statement.bind(key.privateKey.bytes)
        try statement.bind(key.privateKey.isSealed ? 1 : 0)
        try statement.bind(key.createdAt)
        _ = try statement.step()
    }

    /// Deletes all signing keys of a purpose but one.
    func deleteSigningKeys(of purpose: String, but id: String) throws(StoreError) {
        var statement = try prepare("DELETE FROM signing_key WHERE purpose = ? AND id <> ?")
        try statement.bind(purpose)
        try statement.bind(id)
        try statement.run()
    }

    /// Deletes all root keys but one.
    func deleteSealKeys(but id: String) throws(StoreError) {
        var statement = try prepare("DELETE FROM seal_key WHERE id <> ?")
        try statement.bind(id)
        try statement.run()
    }
}
