import Cryptography

/// Verified tokens by their digest and server, so that a token is verified once per loop.
///
/// One per loop, never shared. Bounded: the token that came first goes first. What is remembered
/// holds until the token ends, the issuer's keys change, or the server's rules do.
package final class TokenCache {
    private struct Key: Hashable {
        let digest: SHA256Digest
        let server: UInt64
    }

    private struct Entry {
        let token: VerifiedAccessToken
        let generation: UInt64
        /// Until when it may be relied on, in Unix seconds.
        let validUntil: Int64
    }

    /// The most tokens that are remembered.
    package let capacity: Int

    private var entries: [Key: Entry] = [:]
    /// The keys in the order in which they came; a ring once it is full.
    private var order: [Key] = []
    private var oldest = 0
    private let hasher = SHA256Hasher()

    /// How many tokens are remembered.
    package var count: Int { entries.count }

    /// An empty cache.
    package init(capacity: Int = 10_000) {
        precondition(capacity > 0, "a cache holds at least one token")
        self.capacity = capacity
    }

    /// The token, remembered or verified now.
    ///
    /// - Parameters:
    ///   - bytes: the compact serialisation.
    ///   - server: at which it must be good.
    ///   - now: Unix seconds.
    /// - Returns: the proof.
    /// - Throws: the first rule that the token breaks; refusals are not remembered here.
    package func verifiedToken(
        _ bytes: ArraySlice<UInt8>, for server: ProtectedServer, at now: Int64
    ) throws(TokenViolation) -> VerifiedAccessToken {
        let digest = hasher.digest(of: bytes)
        if let token = token(digest, for: server, at: now) { return token }
        if let introspection = server.tokenRules.introspection {
            let (token, validUntil) = try AccessTokenVerifier.verify(
                digest, by: introspection, for: server, at: now)
            insert(
                token, for: server, generation: server.tokenRules.keys.generation,
                validUntil: validUntil)
            return token
        }
        let (token, generation) = try AccessTokenVerifier.verify(bytes, for: server, at: now)
        insert(token, for: server, generation: generation)
        return token
    }

    /// The token with this digest, if it was verified for the server and still holds.
    func token(
        _ digest: SHA256Digest, for server: ProtectedServer, at now: Int64
    ) -> VerifiedAccessToken? {
        guard let entry = entries[Key(digest: digest, server: server.identity)],
            entry.generation == server.tokenRules.keys.generation,
            now < entry.validUntil, !entry.token.isExpired(at: now)
        else { return nil }
        return entry.token
    }

    /// Remembers a token that was verified for the server with keys of that generation.
    func insert(
        _ token: VerifiedAccessToken, for server: ProtectedServer, generation: UInt64,
        validUntil: Int64 = .max
    ) {
        let key = Key(digest: token.digest, server: server.identity)
        let entry = Entry(token: token, generation: generation, validUntil: validUntil)
        guard entries.updateValue(entry, forKey: key) == nil else { return }
        guard order.count == capacity else {
            order.append(key)
            return
        }
        entries[order[oldest]] = nil
        order[oldest] = key
        oldest = (oldest + 1) % capacity
    }
}
