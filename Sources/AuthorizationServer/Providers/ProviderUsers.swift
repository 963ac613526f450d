import Cryptography
package import Storage
import Synchronization

/// The users of identity providers: kept when they sign in, asked about when they come back.
///
/// A user is (source, issuer, `sub`) and nothing else. The provider's refresh token is the one secret
/// that is kept so that it can be read again, sealed with the master key and the user's row.
package final class ProviderUsers: Sendable {
    /// How old the provider's word may be before it is asked again, in seconds.
    package static let checkInterval: Int64 = 300
    /// How long one question may take, in seconds: requests for tokens, keys, metadata and groups.
    package static let checkLease: Int64 = 60
    /// How long after a question that was not answered no other is asked, in seconds.
    package static let pauseAfterFailure: Int64 = 5

    private static let tokenKind = "provider token"

    private let providers: [String: Provider]
    private let store: any Store
    private let atRest: KeysAtRest
    private let flights = Mutex<[String: [CheckedContinuation<UserStanding?, Never>]]>([:])

    /// The users of these providers.
    package init(_ providers: [Provider], store: any Store, atRest: KeysAtRest) {
        self.providers = Dictionary(providers.map { ($0.options.name, $0) }) { first, _ in first }
        self.store = store
        self.atRest = atRest
    }

    /// The provider of a sign-in.
    func provider(_ source: String) -> Provider? { providers[source] }

    // MARK: - At sign-in

    /// Keeps who has signed in.
    ///
    /// - Returns: the user, and the mark that sessions carry.
    /// - Throws: `StoreError`; then nothing is kept.
    func keep(
        _ identity: ProviderIdentity, token: SecretBytes?, of provider: Provider, at now: Int64
    ) async throws(StoreError) -> (user: User, mark: String) {
        let options = provider.options
        let subject = User.subject(
            of: identity.subject, from: options.name, issuer: options.issuer)
        let record = ProviderUserRecord(
            subject: subject, source: options.name, issuer: options.issuer,
            providerSubject: identity.subject, name: identity.name, groups: identity.groups,
            mark: Base64URL.encode(randomBytes(16)),
            token: token.map { atRest.stored($0, kind: Self.tokenKind, row: subject) },
            signedInAt: now, checkedAt: now, sessionsEndAt: now + options.maxAge)
        let kept = try await store.keepSignIn(record)
        return (Self.user(kept), kept.mark)
    }

    /// The user of a session; nil for one whom the provider no longer knew, or who is another now.
    func user(source: String, subject: String, mark: String) async -> User? {
        guard let provider = providers[source],
            let record = try? await store.providerUser(subject),
            Self.isOf(provider, record),
            constantTimeEqual(Array(record.mark.utf8), Array(mark.utf8))
        else { return nil }
        return Self.user(record)
    }

    private static func user(_ record: ProviderUserRecord) -> User {
        User(
            source: record.source, name: record.providerSubject, groups: record.groups,
            subject: record.subject, title: record.name.isEmpty ? nil : record.name)
    }

    /// Whether the row is of this provider as it is configured now.
    private static func isOf(_ provider: Provider, _ record: ProviderUserRecord) -> Bool {
        record.source.utf8.elementsEqual(provider.options.name.utf8)
            && record.issuer.utf8.elementsEqual(provider.options.issuer.utf8)
    }

    // MARK: - Later

    /// Whether a user is still there; the provider is asked where its word is old.
    ///
    /// All who want to know the same at once share the answer.
    func standing(of subject: String, source: String, at now: Int64) async -> UserStanding {
        guard let provider = providers[source] else { return .gone(endedGrants: []) }
        while true {
            let isFirst = flights.withLock { flights in
                guard flights[subject] == nil else { return false }
                flights[subject] = []
                return true
            }
            if isFirst {
                let standing = await check(subject, provider, at: now)
                let waiting = flights.withLock { $0.removeValue(forKey: subject) ?? [] }
                for continuation in waiting { continuation.resume(returning: standing) }
                return standing
            }
            if let standing = await shared(subject) { return standing }
        }
    }

    /// Who a user is whom the provider itself speaks for, without a sign-in.
    ///
    /// Its word is newer than any row, and it need not have a row: whoever the provider names is a user.
    /// Groups that it does not tell are those of the row, as they are now; without a row there are none.
    func standing(of statement: UserStatement, at now: Int64) async -> UserStanding {
        guard let options = providers[statement.source]?.options,
            statement.issuer.utf8.elementsEqual(options.issuer.utf8)
        else { return .gone(endedGrants: []) }
        let claims = ProviderClaims(statement.claims)
        let subject = User.subject(of: statement.name, from: options.name, issuer: options.issuer)
        var user = User(
            source: options.name, name: statement.name, groups: [], subject: subject,
            title: claims.name(options.nameClaim))
        let told: [String]?
        do throws(ProviderClaims.Violation) {
            _ = try ProviderClaims.checked(statement.name)
            told =
                try options.groupsClaim.map { claim throws(ProviderClaims.Violation) in
                    try claims.groups(claim)
                } ?? []
        } catch { return .gone(endedGrants: []) }
        if let told {
            user.groups = told
            return .present(user, until: nil)
        }
        return await known(user, at: now)
    }

    /// A user as the row has it, if there is one and the provider does not say that the user is gone.
    private func known(_ user: User, at now: Int64) async -> UserStanding {
        let row: ProviderUserRecord?
        do { row = try await store.providerUser(user.subject) } catch {
            return .unknown(reason: "\(error)")
        }
        guard let row else { return .present(user, until: nil) }
        switch await standing(of: user.subject, source: user.source, at: now) {
        case .present(let known, _): return .present(known, until: nil)
        // What was told at a sign-in is old, and there is nothing to ask with.
        case .gone where row.token == nil: return .present(user, until: nil)
        case let other: return other
        }
    }

    /// What the first one finds out; nil where that has just happened.
    private func shared(_ subject: String) async -> UserStanding? {
        await withCheckedContinuation { continuation in
            let isLate = flights.withLock { flights in
                guard flights[subject] != nil else { return true }
                flights[subject]?.append(continuation)
                return false
            }
            if isLate { continuation.resume(returning: nil) }
        }
    }

    private func check(
        _ subject: String, _ provider: Provider, at now: Int64
    ) async -> UserStanding {
        do throws(StoreError) {
            let check = try await store.claimCheck(
                of: subject, every: Self.checkInterval, lease: Self.checkLease, at: now)
            switch check {
            case .unknown: return .gone(endedGrants: [])
            case .busy: return .unknown(reason: "the provider is being asked, or was just now")
            case .current(let record): return Self.standing(record, provider, at: now)
            case .due(let record):
                guard Self.isOf(provider, record) else { return .gone(endedGrants: []) }
                return try await ask(record, provider, at: now)
            }
        } catch {
            return .unknown(reason: "\(error)")
        }
    }

    /// Whether a user may stay of whom the provider is not asked now.
    private static func standing(
        _ record: ProviderUserRecord, _ provider: Provider, at now: Int64
    ) -> UserStanding {
        guard isOf(provider, record) else { return .gone(endedGrants: []) }
        guard record.token == nil else { return .present(user(record), until: nil) }
        let until = record.signedInAt + provider.options.maxAge
        return now < until ? .present(user(record), until: until) : .gone(endedGrants: [])
    }

    private func ask(
        _ record: ProviderUserRecord, _ provider: Provider, at now: Int64
    ) async throws(StoreError) -> UserStanding {
        let answer: (identity: ProviderIdentity, token: SecretBytes)
        do throws(ProviderFailure) {
            let token = try token(of: record)
            answer = try await provider.identity(by: token, of: record.providerSubject, at: now)
        } catch {
            return try await conclude(error, record, at: now)
        }
        var record = record
        if !answer.identity.name.isEmpty { record.name = answer.identity.name }
        record.groups = answer.identity.groups
        record.token = atRest.stored(answer.token, kind: Self.tokenKind, row: record.subject)
        record.checkedAt = now
        try await store.finishCheck(record)
        return .present(Self.user(record), until: nil)
    }

    private func token(of record: ProviderUserRecord) throws(ProviderFailure) -> SecretBytes {
        guard let stored = record.token,
            let token = try? atRest.secret(stored, kind: Self.tokenKind, row: record.subject)
        else { throw ProviderFailure(.token, .unavailable, "the refresh token does not open") }
        return token
    }

    /// What follows where the provider did not say who it is.
    private func conclude(
        _ failure: ProviderFailure, _ record: ProviderUserRecord, at now: Int64
    ) async throws(StoreError) -> UserStanding {
        switch failure.kind {
        case .invalidGrant:
            guard let ended = try await store.removeProviderUser(record, at: now) else {
                return .unknown(reason: "the user signed in again meanwhile")
            }
            return .gone(endedGrants: ended)
        case .unavailable, .refused:
            try await store.abandonCheck(record, retryAt: now + Self.pauseAfterFailure)
            return .unknown(reason: failure.description)
        }
    }
}
