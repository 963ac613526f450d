/// What observe mode let pass; each a transaction.
extension SQLiteStore {
    package func add(_ observations: [ObservationRecord]) async throws(StoreError) {
        try await transaction("count observations") { connection throws(StoreError) in
            for observation in observations { try connection.add(observation) }
        }
    }

    package func observations() async throws(StoreError) -> [ObservationRecord] {
        try await perform("list the observations") { connection throws(StoreError) in
            try connection.observations()
        }
    }
}

/// The rows of observations, read and written.
extension SQLiteConnection {
    /// Adds to the row of the same key, or writes a new one where there is room.
    func add(_ observation: ObservationRecord) throws(StoreError) {
        var statement = try prepare(
            """
            INSERT INTO observation (server, subject, client, method, target, decision,
                needed_scope, rule, count, first_at, last_at)
            SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11
            WHERE EXISTS (SELECT 1 FROM observation WHERE server = ?1 AND subject = ?2
                    AND client = ?3 AND method = ?4 AND target = ?5 AND decision = ?6
                    AND needed_scope = ?7)
                OR (SELECT count(*) FROM observation) < ?12
            ON CONFLICT DO UPDATE SET count = count + excluded.count, rule = excluded.rule,
                first_at = min(first_at, excluded.first_at),
                last_at = max(last_at, excluded.last_at)
            """)
        let key = observation.key
        let texts = [
            key.server, key.subject, key.client, key.method, key.target, key.decision,
            key.neededScope, observation.rule,
        ]
        for text in texts { try statement.bind(text) }
        try statement.bind(observation.count)
        try statement.bind(observation.firstAt)
        try statement.bind(observation.lastAt)
        try statement.bind(Int64(ObservationRecord.rowLimit))
        try statement.run()
    }

    func observations() throws(StoreError) -> [ObservationRecord] {
        let statement = try prepare(
            """
            SELECT server, subject, client, method, target, decision, needed_scope, rule, count,
                first_at, last_at
            FROM observation ORDER BY server, count DESC, method, target, subject, client
            """)
        var records: [ObservationRecord] = []
        while try statement.step() {
            let key = ObservationRecord.Key(
                server: try statement.text(0), subject: try statement.text(1),
                client: try statement.text(2), method: try statement.text(3),
                target: try statement.text(4), decision: try statement.text(5),
                neededScope: try statement.text(6))
            records.append(
                ObservationRecord(
                    key: key, rule: try statement.text(7), count: try statement.integer(8),
                    firstAt: try statement.integer(9), lastAt: try statement.integer(10)))
        }
        return records
    }

    /// Deletes what was not seen for long.
    func deleteOldObservations(at now: Int64) throws(StoreError) {
        var statement = try prepare("DELETE FROM observation WHERE last_at < ?")
        try statement.bind(now - ObservationRecord.lifetime)
        try statement.run()
    }
}
