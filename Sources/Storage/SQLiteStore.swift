/// The store in one SQLite file, for a single machine; several processes may share it.
package final class SQLiteStore: Store {
    private let thread: SQLiteThread

    /// How long rows stay after their end, in seconds: clocks of processes differ.
    static let graceOfExpiry: Int64 = 60

    private init(_ thread: SQLiteThread) {
        self.thread = thread
    }

    deinit {
        thread.close {}
    }

    /// Opens the file, which is made if there is none, checks it, and brings it to the present
    /// version.
    ///
    /// - Throws: what was attempted, and the cause.
    package static func open(path: String) async throws(StoreError) -> SQLiteStore {
        let result = await withCheckedContinuation { continuation in
            SQLiteThread.start(path: path) { continuation.resume(returning: $0) }
        }
        return SQLiteStore(try result.get())
    }

    package func signingKeys() async throws(StoreError) -> [SigningKeyRecord] {
        try await perform("list the signing keys") { connection throws(StoreError) in
            try connection.signingKeys()
        }
    }

    package func signingKeys(
        orInsert candidate: SigningKeyRecord
    ) async throws(StoreError) -> [SigningKeyRecord] {
        try await perform("keep a signing key") { connection throws(StoreError) in
            try connection.transaction { () throws(StoreError) in
                let keys = try connection.signingKeys()
                let isPresent = keys.contains {
                    $0.purpose == candidate.purpose && $0.algorithm == candidate.algorithm
                }
                guard !isPresent else { return keys }
                try connection.insert(candidate)
                return try connection.signingKeys()
            }
        }
    }

    package func sealKeys() async throws(StoreError) -> [SealKeyRecord] {
        try await perform("list the keys of seals") { connection throws(StoreError) in
            try connection.secrets(in: .sealKeys)
        }
    }

    package func sealKeys(
        orInsert candidate: SealKeyRecord
    ) async throws(StoreError) -> [SealKeyRecord] {
        try await transaction("keep a key of seals") { connection throws(StoreError) in
            try connection.secrets(in: .sealKeys, orInsert: candidate)
        }
    }

    package func rotate(
        to key: SigningKeyRecord, revoking: Bool
    ) async throws(StoreError) -> [SigningKeyRecord] {
        try await transaction("rotate the signing key") { connection throws(StoreError) in
            // The newest by the clock is the one in use, so a clock that went back must not matter.
            let latest = try connection.signingKeys().first?.createdAt ?? 0
            let createdAt = max(key.createdAt, latest + 1)
            try connection.insert(
                SigningKeyRecord(
                    id: key.id, purpose: key.purpose, algorithm: key.algorithm,
                    privateKey: key.privateKey, createdAt: createdAt))
            if revoking { try connection.deleteSigningKeys(of: key.purpose, but: key.id) }
            return try connection.signingKeys()
        }
    }

    package func rotate(
        to key: SealKeyRecord, revoking: Bool
    ) async throws(StoreError) -> [SealKeyRecord] {
        try await transaction("rotate the key of seals") { connection throws(StoreError) in
            let latest = try connection.secrets(in: .sealKeys).first?.createdAt ?? 0
            let createdAt = max(key.createdAt, latest + 1)
            try connection.insert(
                SealKeyRecord(id: key.id, secret: key.secret, createdAt: createdAt),
                into: .sealKeys)
            if revoking { try connection.deleteSealKeys(but: key.id) }
            return try connection.secrets(in: .sealKeys)
        }
    }

    package func close() async {
        await withCheckedContinuation { continuation in
            thread.close { continuation.resume() }
        }
    }

    /// Runs `body` on the store's thread as one transaction.
    func transaction<Value: Sendable>(
        _ attempt: String,
        _ body: @escaping @Sendable (SQLiteConnection) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        try await perform(attempt) { connection throws(StoreError) in
            try connection.transaction { () throws(StoreError) in try body(connection) }
        }
    }

    /// Runs `body` on the store's thread.
    func perform<Value: Sendable>(
        _ attempt: String,
        _ body: @escaping @Sendable (SQLiteConnection) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Value, StoreError>, Never>) in
            let refusal = thread.enqueue(attempt) { connection in
                connection.attempt = attempt
                do throws(StoreError) {
                    continuation.resume(returning: .success(try body(connection)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
            if let refusal { continuation.resume(returning: .failure(refusal)) }
        }
        return try result.get()
    }
}
