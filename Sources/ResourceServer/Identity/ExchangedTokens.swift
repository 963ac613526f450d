package import Cryptography
package import OAuth

/// Tokens of upstreams' audiences that a provider gave for callers (RFC 8693), remembered for as long
/// as they are good.
///
/// One for the process and the settings under which they were got. A token ends shortly before its
/// own end, with the caller's access token and with the caller's grant.
package final class ExchangedTokens: Sendable {
    /// How long before its end a token is no longer used, in seconds.
    package static let margin: Int64 = 30
    /// How long a token lasts whose answer does not say, in seconds.
    package static let presumedLifetime: Int64 = 60
    /// How long a provider that gave no token is not asked again, in nanoseconds.
    package static let failureLifetime: UInt64 = 5_000_000_000
    /// Tokens that are remembered, exchanges at a time, and requests that wait, at the most.
    package static let limits = FetchTable<Key, Outcome>.Limits(
        values: 4096, fetches: 64, waiters: 4096)

    /// For whom a token is.
    package struct Key: Hashable, Sendable {
        /// Server and principal.
        fileprivate let owner: SHA256Digest
        fileprivate let scopes: ScopeSet
        fileprivate let grantID: String?
        /// The caller's own token, where that is what was exchanged.
        fileprivate let subject: SHA256Digest?
    }

    /// What came of an exchange.
    package enum Outcome: Sendable {
        /// A token.
        case token(SecretBytes)
        /// The provider refused, or gave something else; the reason is for the log.
        case refused(String)
        /// The provider could not be asked; the reason is for the log.
        case unreachable(String)
    }

    private let table: FetchTable<Key, Outcome>

    /// Nothing was exchanged yet; `clock` is a monotonic clock in nanoseconds.
    package init(clock: @escaping @Sendable () -> UInt64 = ToolSchemas.steadyTime) {
        table = FetchTable(limits: Self.limits, clock: clock)
    }

    /// How many outcomes are remembered.
    package var count: Int { table.count }

    /// For whom the token of a request is; with `ofToken` for this access token alone, as is right
    /// where it is what is exchanged.
    package static func key(for access: VerifiedAccessToken, ofToken: Bool) -> Key {
        Key(
            owner: access.ownerDigest, scopes: access.scopes, grantID: access.grantID,
            subject: ofToken ? access.digest : nil)
    }

    /// What is remembered; nil where the provider is to be asked.
    package func outcome(for key: Key) -> Outcome? { table.value(for: key)?.value }

    /// Waits for the outcome; see ``FetchTable/wait(for:wake:)``.
    package func wait(for key: Key, wake: @escaping @Sendable () -> Void) -> FetchWait {
        table.wait(for: key, wake: wake)
    }

    /// Takes the provider's answer to an exchange for an access token.
    ///
    /// - Parameters:
    ///   - key: for whom.
    ///   - response: the token.
    ///   - access: the caller's access token, which the exchanged one does not outlive here.
    ///   - now: Unix seconds.
    package func finish(
        _ key: Key, with response: TokenExchangeResponse, for access: VerifiedAccessToken,
        at now: Int64
    ) {
        let lifetime = min(response.expiresIn ?? Self.presumedLifetime, Self.longestLifetime)
        // Half of a short life is more than nothing.
        let usable = max(lifetime - Self.margin, lifetime / 2, 1)
        let seconds = max(1, min(usable, access.expiresAt - now))
        table.finish(key, with: .token(response.accessToken), for: UInt64(seconds) * 1_000_000_000)
    }

    /// Takes why there is no token.
    package func finish(_ key: Key, with failure: Outcome) {
        table.finish(key, with: failure, for: Self.failureLifetime)
    }

    /// Forgets the tokens of grants that have ended.
    package func forget(_ grantIDs: Set<String>) {
        guard !grantIDs.isEmpty else { return }
        table.forget { $0.grantID.map(grantIDs.contains) ?? false }
    }

    /// The longest time that a token is used, in seconds, whatever the provider says.
    package static let longestLifetime: Int64 = 86_400
}
