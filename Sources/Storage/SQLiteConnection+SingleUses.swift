/// The notes of what was used once, read and written.
extension SQLiteConnection {
    /// Writes a use; false where there is one already.
    func insert(_ use: SingleUse) throws(StoreError) -> Bool {
        var statement = try prepare(
            """
            INSERT INTO single_use (digest, expires_at) VALUES (?, ?)
            ON CONFLICT (digest) DO NOTHING RETURNING 1
            """)
        try statement.bind(use.digest)
        try statement.bind(use.expiresAt)
        var isNew = false
        while try statement.step() { isNew = true }
        return isNew
    }

    /// Deletes the uses of what would be refused as expired anyway.
    func deleteExpiredSingleUses(at now: Int64) throws(StoreError) {
        var statement = try prepare("DELETE FROM single_use WHERE expires_at < ?")
        try statement.bind(now - SQLiteStore.graceOfExpiry)
        try statement.run()
    }
}
