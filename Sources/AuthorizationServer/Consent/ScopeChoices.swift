import OAuth
import Storage

/// What a user is asked: the scopes that a client may be granted, with what was decided before.
enum ScopeChoices {
    /// The choices in the operator's order.
    ///
    /// - Parameters:
    ///   - offered: what may be granted now.
    ///   - resource: the server.
    ///   - client: the client's id.
    ///   - revision: what the client says of itself today; what was agreed with another is forgotten.
    ///   - grants: the user's grants, the newest first; ended ones and those of others do not count.
    /// - Returns: the scopes of `offered` that the server has; what the user declined when last
    ///   asked is not ticked.
    static func choices(
        offered: ScopeSet, at resource: GuardedResource, for client: String,
        revision: [UInt8] = [], grants: [GrantRecord]
    ) -> [ScopeChoice] {
        let earlier = grants.filter {
            $0.endedAt == nil && $0.client == client && $0.clientRevision == revision
                && $0.server == resource.name
        }
        let agreed = earlier.reduce(ScopeSet()) {
            $0.union(ScopeSet(parsing: $1.scope) ?? ScopeSet())
        }
        let declined = earlier.first.flatMap { ScopeSet(parsing: $0.declinedScope) } ?? ScopeSet()
        return resource.scopes.filter { offered.contains($0.name) }.map { scope in
            ScopeChoice(
                scope: scope, included: included(in: scope, at: resource),
                isAgreed: agreed.contains(scope.name), isTicked: !declined.contains(scope.name))
        }
    }

    /// The scopes that come with one, however far down, without itself; in the operator's order.
    static func included(in scope: GuardedScope, at resource: GuardedResource) -> [GuardedScope] {
        var found: Set<ScopeToken> = []
        var waiting = scope.includes
        while let name = waiting.popLast() {
            guard found.insert(name).inserted else { continue }
            waiting += resource.scopes.first { $0.name == name }?.includes ?? []
        }
        return resource.scopes.filter { found.contains($0.name) && $0.name != scope.name }
    }
}
