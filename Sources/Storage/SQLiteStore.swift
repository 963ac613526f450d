/// The store in one SQLite file, for a single machine; several processes may share it.
package final class SQLiteStore: Store {
    private let thread: SQLiteThread

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
            try connection.sealKeys()
        }
    }

    package func sealKeys(
        orInsert candidate: SealKeyRecord
    ) async throws(StoreError) -> [SealKeyRecord] {
        try await perform("keep a key of seals") { connection throws(StoreError) in
            try connection.transaction { () throws(StoreError) in
                let keys = try connection.sealKeys()
                guard keys.isEmpty else { return keys }
                try connection.insert(candidate)
                return [candidate]
            }
        }
    }

    package func record(_ grant: GrantRecord) async throws(StoreError) {
        try await perform("record a grant") { connection throws(StoreError) in
            try connection.transaction { () throws(StoreError) in try connection.insert(grant) }
        }
    }

    package func grants(limit: Int) async throws(StoreError) -> [GrantRecord] {
        try await perform("list the grants") { connection throws(StoreError) in
            try connection.grants(limit: limit)
        }
    }

    package func close() async {
        await withCheckedContinuation { continuation in
            thread.close { continuation.resume() }
        }
    }

    /// Runs `body` on the store's thread.
    private func perform<Value: Sendable>(
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
