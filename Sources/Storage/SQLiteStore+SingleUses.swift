/// What may be used once; each a transaction.
extension SQLiteStore {
    package func use(_ use: SingleUse, at now: Int64) async throws(StoreError) -> Bool {
        try await transaction("note a single use") { connection throws(StoreError) in
            try connection.deleteExpiredSingleUses(at: now)
            return try connection.insert(use)
        }
    }

    package func record(
        _ grant: GrantRecord, using use: SingleUse?, at now: Int64
    ) async throws(StoreError) -> GrantRecording {
        try await transaction("record a grant") { connection throws(StoreError) in
            // Here and not only by who calls: the client may have been revoked since.
            guard try connection.client(grant.client)?.status != .revoked else { return .revoked }
            if let use {
                try connection.deleteExpiredSingleUses(at: now)
                guard try connection.insert(use) else { return .reused }
            }
            try connection.insert(grant)
            return .recorded
        }
    }
}
