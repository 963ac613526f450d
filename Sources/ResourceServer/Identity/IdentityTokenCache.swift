import Cryptography
import OAuth

/// Identity tokens by server, principal, scope and grant, so that one is signed once per loop and
/// half its life.
///
/// One per loop, never shared. Bounded: tokens are kept in two halves, and when the younger is full,
/// the older goes.
package final class IdentityTokenCache {
    private struct Key: Hashable {
        /// The server object: another configuration, or other keys, make another.
        let server: UInt64
        /// Server and principal.
        let owner: SHA256Digest
        let scopes: ScopeSet
        let grantID: String?
    }

    private struct Entry {
        let token: IdentityToken
        let keyID: String
    }

    /// The most tokens that are remembered.
    package let capacity: Int

    private var younger: [Key: Entry] = [:]
    private var older: [Key: Entry] = [:]

    /// How many tokens are remembered.
    package var count: Int { younger.count + older.count }

    /// An empty cache.
    package init(capacity: Int = 4096) {
        precondition(capacity > 1, "each half of a cache holds at least one token")
        self.capacity = capacity
    }

    /// The token for a request, remembered or signed now.
    ///
    /// - Parameters:
    ///   - access: the access token of the request, which is good at `now`.
    ///   - server: where the request was sent.
    ///   - issuer: signs for the server's upstream.
    ///   - now: Unix seconds.
    /// - Returns: a token that ends no later than `access`.
    /// - Throws: why there is none.
    package func token(
        for access: VerifiedAccessToken, at server: ProtectedServer,
        from issuer: IdentityTokenIssuer, now: Int64
    ) throws(IdentityTokenFailure) -> IdentityToken {
        let key = Key(
            server: server.identity, owner: access.ownerDigest, scopes: access.scopes,
            grantID: access.grantID)
        if let entry = younger[key] ?? older[key], entry.keyID == issuer.keyID,
            entry.token.isReusable(at: now), entry.token.expiresAt <= access.expiresAt
        {
            return entry.token
        }
        let token = try issuer.issue(for: access, at: server, now: now)
        if younger.count >= capacity / 2 {
            older = younger
            younger = [:]
        }
        younger[key] = Entry(token: token, keyID: issuer.keyID)
        return token
    }

    /// Forgets the tokens of grants that have ended.
    package func forget(_ grantIDs: Set<String>) {
        guard !grantIDs.isEmpty, count > 0 else { return }
        younger = younger.filter { !($0.key.grantID.map(grantIDs.contains) ?? false) }
        older = older.filter { !($0.key.grantID.map(grantIDs.contains) ?? false) }
    }
}
