package import Cryptography
package import JOSE
import JSON

/// What an issuer says of tokens that only it can read (RFC 7662), remembered for a while.
///
/// One for the process and the issuer. What is said of a token is believed for a minute at the most
/// and never past its end, so a token that was taken back is refused within that minute.
package final class TokenIntrospection: Sendable {
    /// How long an answer about a token that is active is believed at the most, in nanoseconds.
    package static let longestLifetime: UInt64 = 60_000_000_000
    /// How long a token that is not active is refused without asking again, in nanoseconds.
    package static let inactiveLifetime: UInt64 = 10_000_000_000
    /// How long a token is not asked about again after the issuer gave no answer, in nanoseconds.
    package static let failureLifetime: UInt64 = 2_000_000_000
    /// Answers that are remembered, questions that are asked at a time, and requests that wait, at
    /// the most.
    package static let limits = FetchTable<SHA256Digest, Answer>.Limits(
        values: 10_000, fetches: 64, waiters: 4096)

    /// What is known of one token.
    package enum Answer: Sendable {
        /// It is active, with these members.
        case active(JWTClaims)
        /// It is not (RFC 7662 §2.2).
        case inactive
        /// The issuer gave no answer that was understood.
        case failed
    }

    /// Whether the answer must name the audience; one that names another is refused all the same.
    package let requiresAudience: Bool

    private let table: FetchTable<SHA256Digest, Answer>

    /// Nothing was asked yet; `clock` is a monotonic clock in nanoseconds.
    package init(
        requiresAudience: Bool = true,
        clock: @escaping @Sendable () -> UInt64 = ToolSchemas.steadyTime
    ) {
        self.requiresAudience = requiresAudience
        table = FetchTable(limits: Self.limits, clock: clock)
    }

    /// What is known of the token with that digest, and for how many whole seconds it still is; nil
    /// where the issuer is to be asked.
    func answer(on digest: SHA256Digest) -> (answer: Answer, seconds: Int64)? {
        table.value(for: digest).map { ($0.value, Int64($0.left / 1_000_000_000)) }
    }

    /// Waits for the answer; see ``FetchTable/wait(for:wake:)``.
    package func wait(
        for digest: SHA256Digest, wake: @escaping @Sendable () -> Void
    ) -> FetchWait {
        table.wait(for: digest, wake: wake)
    }

    /// Takes the content of the issuer's answer at `now`, in Unix seconds; nil where there is none.
    package func finish(_ digest: SHA256Digest, _ content: [UInt8]?, at now: Int64) {
        let answer = content.map(Self.answer) ?? .failed
        let lifetime: UInt64
        switch answer {
        case .active(let claims):
            let left = max(1, (claims.expiresAt ?? .max) - now)
            lifetime =
                left < 60 ? UInt64(left) * 1_000_000_000 : Self.longestLifetime
        case .inactive: lifetime = Self.inactiveLifetime
        case .failed: lifetime = Self.failureLifetime
        }
        table.finish(digest, with: answer, for: lifetime)
    }

    /// RFC 7662 §2.2 — `active` is there, and a boolean.
    private static func answer(_ content: [UInt8]) -> Answer {
        guard let claims = try? JWTClaims(introspectionResponse: content),
            let isActive = claims.document.root["active"]?.bool
        else { return .failed }
        return isActive ? .active(claims) : .inactive
    }
}
