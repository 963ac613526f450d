/// Users of identity providers; each a transaction.
extension SQLiteStore {
    package func keepSignIn(
        _ user: ProviderUserRecord
    ) async throws(StoreError) -> ProviderUserRecord {
        try await transaction("keep a user of a provider") { connection throws(StoreError) in
            var user = user
            if let earlier = try connection.providerUser(user.subject) {
                user.mark = earlier.mark
                user.token = user.token ?? earlier.token
                user.version = earlier.version
                user.sessionsEndAt = max(user.sessionsEndAt, earlier.sessionsEndAt)
            }
            try connection.write(user)
            user.version += 1
            return user
        }
    }

    package func providerUser(
        _ subject: String
    ) async throws(StoreError) -> ProviderUserRecord? {
        try await perform("look up a user of a provider") { connection throws(StoreError) in
            try connection.providerUser(subject)
        }
    }

    package func claimCheck(
        of subject: String, every interval: Int64, lease: Int64, at now: Int64
    ) async throws(StoreError) -> ProviderCheck {
        try await transaction("claim a question to a provider") { connection throws(StoreError) in
            guard let user = try connection.providerUser(subject) else { return .unknown }
            // A clock that was set back must not keep the provider from being asked.
            guard user.token != nil, !(0..<interval).contains(now - user.checkedAt) else {
                return .current(user)
            }
            let askedUntil = try connection.askedUntil(subject)
            guard !(1...lease).contains(askedUntil - now) else { return .busy }
            try connection.setAskedUntil(now + lease, of: subject)
            return .due(user)
        }
    }

    package func finishCheck(_ user: ProviderUserRecord) async throws(StoreError) {
        try await transaction("keep what a provider told") { connection throws(StoreError) in
            guard try connection.providerUser(user.subject)?.version == user.version else { return }
            try connection.write(user)
        }
    }

    package func abandonCheck(
        _ user: ProviderUserRecord, retryAt: Int64
    ) async throws(StoreError) {
        try await transaction("give up a question to a provider") { connection throws(StoreError) in
            guard try connection.providerUser(user.subject)?.version == user.version else { return }
            try connection.setAskedUntil(retryAt, of: user.subject)
        }
    }

    package func removeProviderUser(
        _ user: ProviderUserRecord, at now: Int64
    ) async throws(StoreError) -> [String]? {
        try await transaction("remove a user of a provider") { connection throws(StoreError) in
            guard try connection.providerUser(user.subject)?.version == user.version else {
                return nil
            }
            try connection.deleteProviderUser(user.subject)
            return try connection.endGrants(of: user.subject, at: now)
        }
    }
}
