/// Clients that need a row; each a transaction.
extension SQLiteStore {
    package func client(_ id: String) async throws(StoreError) -> ClientRecord? {
        try await perform("look up a client") { connection throws(StoreError) in
            try connection.client(id)
        }
    }

    package func register(
        _ client: ClientRecord, limit: Int, at now: Int64
    ) async throws(StoreError) -> Bool {
        try await transaction("keep a client") { connection throws(StoreError) in
            try connection.deleteExpiredClients(at: now)
            guard try connection.unusedClientCount() < limit else { return false }
            try connection.insert(client)
            return true
        }
    }

    package func revokeClient(
        _ id: String, name: String, at now: Int64
    ) async throws(StoreError) -> [String] {
        try await transaction("revoke a client") { connection throws(StoreError) in
            try connection.revokeClient(id, name: name, at: now)
            return try connection.endGrants(ofClient: id, at: now)
        }
    }

    package func clients(limit: Int) async throws(StoreError) -> [ClientSummary] {
        try await perform("list the clients") { connection throws(StoreError) in
            try connection.clients(limit: limit)
        }
    }
}
