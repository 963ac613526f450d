/// The rows of authorization codes, read and written.
extension SQLiteConnection {
    /// Writes a code; false where its request has one already.
    func insert(_ code: CodeRecord) throws(StoreError) -> Bool {
        var statement = try prepare(
            """
            INSERT INTO authorization_code (
                digest, request_id, request_expires_at, expires_at, client, client_name,
                redirect_uri, code_challenge, server, subject, source, user_name, scope,
                declined_scope, grant_id, client_revision, key_thumbprint)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (request_id) DO NOTHING RETURNING 1
            """)
        try statement.bind(code.digest)
        try statement.bind(code.requestID)
        try statement.bind(code.requestExpiresAt)
        try statement.bind(code.expiresAt)
        let texts = [
            code.clientID, code.clientName, code.redirectURI, code.codeChallenge, code.server,
            code.subject, code.source, code.userName, code.scope, code.declinedScope,
        ]
        for text in texts { try statement.bind(text) }
        try statement.bind(code.grantID)
        try statement.bind(code.clientRevision)
        try statement.bind(code.keyThumbprint)
        var isWritten = false
        while try statement.step() { isWritten = true }
        return isWritten
    }

    func code(_ digest: [UInt8]) throws(StoreError) -> CodeRecord? {
        var statement = try prepare(
            """
            SELECT digest, request_id, request_expires_at, expires_at, client, client_name,
                redirect_uri, code_challenge, server, subject, source, user_name, scope,
                declined_scope, grant_id, client_revision, key_thumbprint
            FROM authorization_code WHERE digest = ?
            """)
        try statement.bind(digest)
        guard try statement.step() else { return nil }
        return CodeRecord(
            digest: try statement.bytes(0), requestID: try statement.text(1),
            requestExpiresAt: try statement.integer(2), expiresAt: try statement.integer(3),
            clientID: try statement.text(4), clientRevision: try statement.bytes(15),
            clientName: try statement.text(5),
            redirectURI: try statement.text(6), codeChallenge: try statement.text(7),
            server: try statement.text(8), subject: try statement.text(9),
            source: try statement.text(10), userName: try statement.text(11),
            scope: try statement.text(12), declinedScope: try statement.text(13),
            grantID: try statement.optionalText(14),
            keyThumbprint: try statement.optionalText(16))
    }

    /// Notes which grant came of a code.
    func setGrant(_ id: String, of digest: [UInt8]) throws(StoreError) {
        var statement = try prepare("UPDATE authorization_code SET grant_id = ? WHERE digest = ?")
        try statement.bind(id)
        try statement.bind(digest)
        try statement.run()
    }

    /// Deletes the codes whose request can no longer be answered, nor the code be redeemed.
    func deleteExpiredCodes(at now: Int64) throws(StoreError) {
        var statement = try prepare(
            "DELETE FROM authorization_code WHERE request_expires_at < ?1 AND expires_at < ?1")
        try statement.bind(now - SQLiteStore.graceOfExpiry)
        try statement.run()
    }
}
