import OAuth
import Storage

extension GrantRecord {
    /// Whether a token by this grant may still be used or refreshed; `now` is in Unix seconds.
    func isAlive(at now: Int64) -> Bool {
        endedAt == nil && now < max(expiresAt, refresh?.expiresAt ?? 0)
    }
}

extension [GrantRecord] {
    /// What those that are alive let a client do at a server; nil where there is none.
    func agreedScopes(
        of clientID: String, at resource: GuardedResource, at now: Int64
    ) -> ScopeSet? {
        let living = filter { grant in
            grant.isAlive(at: now) && grant.server.utf8.elementsEqual(resource.name.utf8)
                && grant.client.utf8.elementsEqual(clientID.utf8)
        }
        guard !living.isEmpty else { return nil }
        return ScopeSet(living.flatMap { ScopeSet(parsing: $0.scope)?.tokens ?? [] })
    }
}
