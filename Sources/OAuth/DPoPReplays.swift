import Cryptography
import Synchronization

/// The proofs that were shown while they can still be good, so that each is good once (RFC 9449
/// §11.1); shared by all loops of the process.
///
/// A replica does not know those of another: there the nonce and the window of `iat` alone bound a
/// replay.
package final class DPoPReplays: Sendable {
    /// What became of a claim.
    package enum Claim: Sendable, Equatable {
        /// The proof was not shown before; now it was.
        case first
        /// It was shown before.
        case again
        /// There is no room to remember it: taking it would mean to take it twice.
        case full
    }

    /// How long a proof is remembered at least, in seconds: from `futureWindow` before its `iat` to
    /// `pastWindow` after it.
    package static let window = DPoPVerifier.pastWindow + DPoPVerifier.futureWindow + 1
    /// How many parts there are; a key's proofs are all in one.
    package static let shardCount = 16
    /// How many proofs are remembered per window, by default.
    package static let standardLimit = 1 << 19

    /// How many proofs one part remembers per window; also the most of one key.
    package let shardLimit: Int
    private let shards: [Shard]

    /// Remembers at most `limit` proofs per window, for keys that are spread evenly.
    package init(limit: Int = standardLimit) {
        precondition(limit >= Self.shardCount, "each part remembers at least one proof")
        shardLimit = limit / Self.shardCount
        shards = (0..<Self.shardCount).map { _ in Shard() }
    }

    /// Claims a proof; `now` is in Unix seconds.
    package func claim(_ proof: DPoPProof, at now: Int64) -> Claim {
        let key = Array(proof.key.text.utf8)
        // The thumbprint has one length, so that no two pairs are written alike.
        let name = sha256(key + Array(proof.id.utf8))
        let shard = Int(sha256(key).bytes[0]) % Self.shardCount
        return shards[shard].claim(name, limit: shardLimit, at: now)
    }

    /// One part: what was shown in this window and in the one before.
    private final class Shard: Sendable {
        private struct State {
            var start: Int64 = 0
            var current: Set<SHA256Digest> = []
            var previous: Set<SHA256Digest> = []
        }

        private let state = Mutex(State())

        func claim(_ name: SHA256Digest, limit: Int, at now: Int64) -> Claim {
            state.withLock { state in
                Self.turn(&state, now)
                guard !state.current.contains(name), !state.previous.contains(name) else {
                    return .again
                }
                guard state.current.count < limit else { return .full }
                state.current.insert(name)
                return .first
            }
        }

        /// Begins a new window when the present one is over; what is older than two is forgotten.
        private static func turn(_ state: inout State, _ now: Int64) {
            // A clock that was set back begins the window there, and forgets nothing.
            state.start = min(state.start, now)
            let age = now - state.start
            guard age >= DPoPReplays.window else { return }
            state.previous = age < 2 * DPoPReplays.window ? state.current : []
            state.current = []
            state.start = now
        }
    }
}
