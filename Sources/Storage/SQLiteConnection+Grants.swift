/// The rows of grants, read and written.
extension SQLiteConnection {
    func insert(_ grant: GrantRecord) throws(StoreError) {
        var statement = try prepare(
            """
            INSERT INTO access_grant (
                id, server, subject, source, user_name, client, client_name, scope, declined_scope,
                issued_at, expires_at, ended_at, refresh_generation, refresh_current,
                refresh_previous, refresh_rotated_at, refresh_expires_at, client_revision,
                client_method, key_thumbprint)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        let texts = [
            grant.id, grant.server, grant.subject, grant.source, grant.userName, grant.client,
            grant.clientName, grant.scope, grant.declinedScope,
        ]
        for text in texts { try statement.bind(text) }
        try statement.bind(grant.issuedAt)
        try statement.bind(grant.expiresAt)
        try statement.bind(grant.endedAt)
        try statement.bind(grant.refresh?.generation)
        try statement.bind(grant.refresh?.currentDigest)
        try statement.bind(grant.refresh?.previousDigest)
        try statement.bind(grant.refresh?.rotatedAtMilliseconds)
        try statement.bind(grant.refresh?.expiresAt)
        try statement.bind(grant.clientRevision)
        try statement.bind(grant.clientMethod)
        try statement.bind(grant.keyThumbprint)
        try statement.run()
    }

    func grant(_ id: String) throws(StoreError) -> GrantRecord? {
        var statement = try prepare(
            """
            SELECT id, server, subject, source, user_name, client, client_name, scope,
                declined_scope, issued_at, expires_at, ended_at, refresh_generation,
                refresh_current, refresh_previous, refresh_rotated_at, refresh_expires_at,
                client_revision, client_method, key_thumbprint
            FROM access_grant WHERE id = ?
            """)
        try statement.bind(id)
        return try statement.step() ? try Self.grant(statement) : nil
    }

    func grants(of subject: String?, limit: Int) throws(StoreError) -> [GrantRecord] {
        var statement: SQLiteStatement
        if let subject {
            statement = try prepare(
                """
                SELECT id, server, subject, source, user_name, client, client_name, scope,
                    declined_scope, issued_at, expires_at, ended_at, refresh_generation,
                    refresh_current, refresh_previous, refresh_rotated_at, refresh_expires_at,
                    client_revision, client_method, key_thumbprint
                FROM access_grant WHERE subject = ? ORDER BY issued_at DESC, id LIMIT ?
                """)
            try statement.bind(subject)
        } else {
            statement = try prepare(
                """
                SELECT id, server, subject, source, user_name, client, client_name, scope,
                    declined_scope, issued_at, expires_at, ended_at, refresh_generation,
                    refresh_current, refresh_previous, refresh_rotated_at, refresh_expires_at,
                    client_revision, client_method, key_thumbprint
                FROM access_grant ORDER BY issued_at DESC, id LIMIT ?
                """)
        }
        try statement.bind(Int64(max(0, limit)))
        var records: [GrantRecord] = []
        while try statement.step() { records.append(try Self.grant(statement)) }
        return records
    }

    private static func grant(
        _ row: borrowing SQLiteStatement
    ) throws(StoreError) -> GrantRecord {
        var family: GrantRecord.RefreshFamily?
        if let generation = try row.optionalInteger(12) {
            family = GrantRecord.RefreshFamily(
                generation: generation, currentDigest: try row.bytes(13),
                previousDigest: try row.optionalBytes(14),
                rotatedAtMilliseconds: try row.integer(15), expiresAt: try row.integer(16))
        }
        return GrantRecord(
            id: try row.text(0), server: try row.text(1), subject: try row.text(2),
            source: try row.text(3), userName: try row.text(4), client: try row.text(5),
            clientRevision: try row.bytes(17), clientName: try row.text(6),
            clientMethod: try row.text(18), scope: try row.text(7),
            declinedScope: try row.text(8),
            issuedAt: try row.integer(9), expiresAt: try row.integer(10), refresh: family,
            endedAt: try row.optionalInteger(11), keyThumbprint: try row.optionalText(19))
    }

    /// Puts a refresh token in the place of the current one, which becomes the previous one.
    func replaceRefreshToken(
        of grant: GrantRecord, with digest: [UInt8], _ rotation: RefreshRotation
    ) throws(StoreError) {
        var statement = try prepare(
            """
            UPDATE access_grant SET refresh_generation = refresh_generation + 1,
                refresh_previous = refresh_current, refresh_current = ?, refresh_rotated_at = ?,
                expires_at = max(expires_at, ?)
            WHERE id = ?
            """)
        try statement.bind(digest)
        try statement.bind(rotation.nowMilliseconds)
        try statement.bind(rotation.accessExpiresAt)
        try statement.bind(grant.id)
        try statement.run()
    }

    /// Notes that an access token of a grant lasts until then.
    func extend(_ id: String, to expiresAt: Int64) throws(StoreError) {
        var statement = try prepare(
            "UPDATE access_grant SET expires_at = max(expires_at, ?) WHERE id = ?")
        try statement.bind(expiresAt)
        try statement.bind(id)
        try statement.run()
    }

    /// Ends a grant; whether it had not ended before.
    func endGrant(_ id: String, at now: Int64) throws(StoreError) -> Bool {
        var statement = try prepare(
            "UPDATE access_grant SET ended_at = ? WHERE id = ? AND ended_at IS NULL RETURNING id")
        try statement.bind(now)
        try statement.bind(id)
        var isNew = false
        while try statement.step() { isNew = true }
        return isNew
    }

    func endGrants(of subject: String, at now: Int64) throws(StoreError) -> [String] {
        var statement = try prepare(
            """
            UPDATE access_grant SET ended_at = ? WHERE subject = ? AND ended_at IS NULL
            RETURNING id
            """)
        try statement.bind(now)
        try statement.bind(subject)
        return try Self.texts(statement)
    }

    func endGrants(ofClient client: String, at now: Int64) throws(StoreError) -> [String] {
        var statement = try prepare(
            "UPDATE access_grant SET ended_at = ? WHERE client = ? AND ended_at IS NULL RETURNING id"
        )
        try statement.bind(now)
        try statement.bind(client)
        return try Self.texts(statement)
    }

    private static func texts(
        _ statement: borrowing SQLiteStatement
    ) throws(StoreError) -> [String] {
        var texts: [String] = []
        while try statement.step() { texts.append(try statement.text(0)) }
        return texts
    }

    func endedGrants(at now: Int64) throws(StoreError) -> [EndedGrant] {
        var statement = try prepare(
            "SELECT id, expires_at FROM access_grant WHERE ended_at IS NOT NULL AND expires_at >= ?"
        )
        try statement.bind(now - SQLiteStore.graceOfExpiry)
        var grants: [EndedGrant] = []
        while try statement.step() {
            grants.append(
                EndedGrant(id: try statement.text(0), expiresAt: try statement.integer(1)))
        }
        return grants
    }

    /// Deletes the grants by which no token is valid any more.
    func deleteExpiredGrants(at now: Int64) throws(StoreError) {
        var statement = try prepare(
            """
            DELETE FROM access_grant WHERE expires_at < ?1
                AND (ended_at IS NOT NULL OR coalesce(refresh_expires_at, 0) < ?1)
            """)
        try statement.bind(now - SQLiteStore.graceOfExpiry)
        try statement.run()
    }
}
