/// The rows of clients, read and written.
extension SQLiteConnection {
    func client(_ id: String) throws(StoreError) -> ClientRecord? {
        var statement = try prepare(
            """
            SELECT id, name, status, metadata, created_at, expires_at, approval, changed_at, ends_at
            FROM client WHERE id = ?
            """)
        try statement.bind(id)
        guard try statement.step() else { return nil }
        guard let status = ClientRecord.Status(rawValue: try statement.text(2)) else {
            throw StoreError(.corrupt, attempt, cause: "a client has an unknown status")
        }
        return ClientRecord(
            id: try statement.text(0), name: try statement.text(1), status: status,
            metadata: try statement.bytes(3), createdAt: try statement.integer(4),
            expiresAt: try statement.optionalInteger(5),
            approval: try statement.optionalBytes(6),
            changedAt: try statement.optionalInteger(7), endsAt: try statement.optionalInteger(8))
    }

    func insert(_ client: ClientRecord) throws(StoreError) {
        var statement = try prepare(
            """
            INSERT INTO client (id, name, status, metadata, created_at, expires_at, ends_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """)
        try statement.bind(client.id)
        try statement.bind(client.name)
        try statement.bind(client.status.rawValue)
        try statement.bind(client.metadata)
        try statement.bind(client.createdAt)
        try statement.bind(client.expiresAt)
        try statement.bind(client.endsAt)
        try statement.run()
    }

    /// The clients that go if they are not used.
    func unusedClientCount() throws(StoreError) -> Int {
        Int(try number("SELECT count(*) FROM client WHERE expires_at IS NOT NULL"))
    }

    /// Keeps the row of a client that is used, if it has one.
    func keepClient(_ id: String) throws(StoreError) {
        var statement = try prepare("UPDATE client SET expires_at = NULL WHERE id = ?")
        try statement.bind(id)
        try statement.run()
    }

    func revokeClient(_ id: String, name: String, at now: Int64) throws(StoreError) {
        var statement = try prepare(
            """
            INSERT INTO client (id, name, status, metadata, created_at, expires_at)
            VALUES (?, ?, 'revoked', x'', ?, NULL)
            ON CONFLICT (id) DO UPDATE SET status = 'revoked', expires_at = NULL
            """)
        try statement.bind(id)
        try statement.bind(name)
        try statement.bind(now)
        try statement.run()
    }

    func deleteExpiredClients(at now: Int64) throws(StoreError) {
        var statement = try prepare(
            "DELETE FROM client WHERE expires_at < ?1 OR ends_at < ?1")
        try statement.bind(now)
        try statement.run()
    }

    func clients(limit: Int) throws(StoreError) -> [ClientSummary] {
        var statement = try prepare(
            """
            SELECT id, name, status, grants, latest, approved FROM (
                SELECT c.id AS id, c.name AS name, c.status AS status,
                    c.approval IS NOT NULL AS approved,
                    (SELECT count(*) FROM access_grant
                        WHERE client = c.id AND ended_at IS NULL) AS grants,
                    max(c.created_at, coalesce(
                        (SELECT max(issued_at) FROM access_grant WHERE client = c.id), 0)) AS latest
                FROM client AS c
                UNION ALL
                SELECT client, max(client_name), NULL, 0, sum(ended_at IS NULL), max(issued_at)
                FROM access_grant WHERE client NOT IN (SELECT id FROM client) GROUP BY client)
            ORDER BY latest DESC, id LIMIT ?
            """)
        try statement.bind(Int64(max(0, limit)))
        var clients: [ClientSummary] = []
        while try statement.step() {
            let status = try statement.optionalText(2).flatMap(ClientRecord.Status.init)
            clients.append(
                ClientSummary(
                    id: try statement.text(0), name: try statement.text(1), status: status,
                    isApproved: try statement.integer(5) == 1,
                    grantCount: Int(try statement.integer(3)),
                    latestAt: try statement.integer(4)))
        }
        return clients
    }
}
