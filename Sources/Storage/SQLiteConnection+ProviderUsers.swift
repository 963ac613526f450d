/// The rows of users of identity providers, read and written.
extension SQLiteConnection {
    func providerUser(_ subject: String) throws(StoreError) -> ProviderUserRecord? {
        var statement = try prepare(
            """
            SELECT subject, source, issuer, provider_subject, name, group_names, mark, token,
                token_is_sealed, signed_in_at, checked_at, sessions_end_at, version
            FROM provider_user WHERE subject = ?
            """)
        try statement.bind(subject)
        guard try statement.step() else { return nil }
        var token: StoredSecret?
        if let bytes = try statement.optionalBytes(7) {
            token = StoredSecret(bytes: bytes, isSealed: try statement.integer(8) == 1)
        }
        let groups = try statement.text(5)
        return ProviderUserRecord(
            subject: try statement.text(0), source: try statement.text(1),
            issuer: try statement.text(2), providerSubject: try statement.text(3),
            name: try statement.text(4),
            groups: groups.split(separator: "\n").map(String.init), mark: try statement.text(6),
            token: token, signedInAt: try statement.integer(9),
            checkedAt: try statement.integer(10), sessionsEndAt: try statement.integer(11),
            version: try statement.integer(12))
    }

    /// Writes a row in the place of the one that is there, if any, as its next version.
    func write(_ user: ProviderUserRecord) throws(StoreError) {
        var statement = try prepare(
            """
            INSERT INTO provider_user (
                subject, source, issuer, provider_subject, name, group_names, mark, token,
                token_is_sealed, signed_in_at, checked_at, sessions_end_at, version, asked_until)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
            ON CONFLICT (subject) DO UPDATE SET
                name = excluded.name, group_names = excluded.group_names, mark = excluded.mark,
                token = excluded.token, token_is_sealed = excluded.token_is_sealed,
                signed_in_at = excluded.signed_in_at, checked_at = excluded.checked_at,
                sessions_end_at = excluded.sessions_end_at, version = excluded.version,
                asked_until = 0
            """)
        let texts = [
            user.subject, user.source, user.issuer, user.providerSubject, user.name,
            user.groups.joined(separator: "\n"), user.mark,
        ]
        for text in texts { try statement.bind(text) }
        try statement.bind(user.token?.bytes)
        try statement.bind(user.token?.isSealed == true ? 1 : 0)
        for number in [user.signedInAt, user.checkedAt, user.sessionsEndAt, user.version + 1] {
            try statement.bind(number)
        }
        try statement.run()
    }

    /// Until when a question to the provider is claimed.
    func askedUntil(_ subject: String) throws(StoreError) -> Int64 {
        var statement = try prepare("SELECT asked_until FROM provider_user WHERE subject = ?")
        try statement.bind(subject)
        return try statement.step() ? try statement.integer(0) : 0
    }

    func setAskedUntil(_ time: Int64, of subject: String) throws(StoreError) {
        var statement = try prepare("UPDATE provider_user SET asked_until = ? WHERE subject = ?")
        try statement.bind(time)
        try statement.bind(subject)
        try statement.run()
    }

    func deleteProviderUser(_ subject: String) throws(StoreError) {
        var statement = try prepare("DELETE FROM provider_user WHERE subject = ?")
        try statement.bind(subject)
        try statement.run()
    }

    /// Deletes the users who have neither a session nor a grant that can be refreshed.
    func deleteExpiredProviderUsers(at now: Int64) throws(StoreError) {
        var statement = try prepare(
            """
            DELETE FROM provider_user WHERE sessions_end_at < ?1 AND NOT EXISTS (
                SELECT 1 FROM access_grant
                WHERE access_grant.subject = provider_user.subject AND ended_at IS NULL
                    AND max(expires_at, coalesce(refresh_expires_at, 0)) >= ?1)
            """)
        try statement.bind(now - SQLiteStore.graceOfExpiry)
        try statement.run()
    }
}
