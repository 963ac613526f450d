package import OAuth

/// Decides which scopes of a server a user may be granted through a client, or a client for itself;
/// pure.
///
/// A scope counts with all that it includes, since a token that carries it opens those too: where
/// one of them may not be granted, the including scope may not either, so that no scope smuggles in
/// what the operator keeps from this user or this client. Names are compared byte for byte.
package enum GrantScopes {
    /// All scopes of a server that may be granted now, in the operator's order.
    package static func grantable(
        user: User, client: Client, at resource: GuardedResource
    ) -> ScopeSet {
        grantable(through: client, at: resource) { isGranted($0.grantedTo, to: user) }
    }

    /// All scopes of a server that a client may be granted for itself, in the operator's order.
    ///
    /// `granted_to` must name it, and its entry in the configuration must name the scope: what says
    /// nothing of machines is for users only. What such a scope includes comes with it, unless that has a
    /// `granted_to` of its own which does not name the client.
    package static func grantable(
        machine client: Client, at resource: GuardedResource
    ) -> ScopeSet {
        guard client.entry?.scopes != nil else { return ScopeSet() }
        let entry = "client:\(client.id)"
        func isNamed(_ scope: GuardedScope) -> Bool {
            scope.grantedTo?.contains { $0.isIdentical(to: entry) } == true
        }
        let named = ScopeSet(resource.scopes.filter(isNamed).map(\.name))
        return grantable(through: client, at: resource) { $0.grantedTo == nil || isNamed($0) }
            .intersection(named)
    }

    private static func grantable(
        through client: Client, at resource: GuardedResource,
        isGranted: (GuardedScope) -> Bool
    ) -> ScopeSet {
        guard client.entry?.allows(server: resource.name) ?? true else { return ScopeSet() }
        let open = Set(
            resource.scopes.filter { isGranted($0) && isAllowed($0.clients, client) }.map(\.name))
        let grantable = resource.scopes.filter { scope in
            client.entry?.scopes?.contains(scope.name) ?? true
                && closure(of: scope, at: resource).isSubset(of: open)
        }
        return ScopeSet(grantable.map(\.name))
    }

    /// What of a request may be granted, in the operator's order; empty if nothing may.
    ///
    /// Names that the server does not have, `offline_access` among them, and names that may not be
    /// granted are dropped. Where nothing is left, the initial scopes that may be granted take
    /// their place (RFC 6749 §3.3 lets the server choose a default and grant less).
    package static func asked(
        _ scope: ScopeSet?, user: User, client: Client, at resource: GuardedResource
    ) -> ScopeSet {
        chosen(scope, of: grantable(user: user, client: client, at: resource), at: resource)
    }

    /// What of a request the client may be granted if the user may, in the operator's order: what a
    /// person is shown who has not signed in yet.
    static func asked(
        _ scope: ScopeSet?, client: Client, at resource: GuardedResource
    ) -> ScopeSet {
        chosen(scope, of: grantable(through: client, at: resource) { _ in true }, at: resource)
    }

    private static func chosen(
        _ scope: ScopeSet?, of grantable: ScopeSet, at resource: GuardedResource
    ) -> ScopeSet {
        let named = scope.map { grantable.intersection($0) } ?? ScopeSet()
        guard named.isEmpty else { return named }
        let initial = ScopeSet(resource.scopes.filter(\.isInitial).map(\.name))
        return grantable.intersection(initial)
    }

    /// `granted_to`: the entry names the source, so that the same name at another source is nobody.
    private static func isGranted(_ entries: [String]?, to user: User) -> Bool {
        guard let entries else { return true }
        let held =
            ["\(user.source)/user:\(user.name)"]
            + user.groups.map { "\(user.source)/group:\($0)" }
        return entries.contains { entry in held.contains { $0.isIdentical(to: entry) } }
    }

    /// `clients`.
    private static func isAllowed(_ clients: GuardedScope.Clients, _ client: Client) -> Bool {
        switch clients {
        case .any: true
        case .verified:
            switch client.verification {
            case .unverified: false
            case .domain, .named: true
            }
        case .listed(let entries):
            entries.contains { isListed($0, client) }
        }
    }

    private static func isListed(_ entry: String, _ client: Client) -> Bool {
        if entry.isIdentical(to: "client:\(client.id)") { return true }
        return switch client.verification {
        case .domain(let domain): entry.isIdentical(to: "domain:\(domain)")
        case .unverified, .named: false
        }
    }

    /// The scope and all that it includes, also through others.
    private static func closure(
        of scope: GuardedScope, at resource: GuardedResource
    ) -> Set<ScopeToken> {
        var found: Set<ScopeToken> = []
        var waiting = [scope.name]
        while let name = waiting.popLast() {
            guard found.insert(name).inserted else { continue }
            waiting += resource.scopes.first { $0.name == name }?.includes ?? []
        }
        return found
    }
}

extension String {
    /// Whether the bytes are the same; `==` takes different spellings of a letter for equal.
    fileprivate func isIdentical(to other: String) -> Bool {
        utf8.elementsEqual(other.utf8)
    }
}

extension ScopeSet {
    /// The names of this set that the other has too, in this set's order.
    func intersection(_ other: ScopeSet) -> ScopeSet {
        ScopeSet(tokens.filter(other.contains))
    }

    /// The names of this set that the other has not, in this set's order.
    func subtracting(_ other: ScopeSet) -> ScopeSet {
        ScopeSet(tokens.filter { !other.contains($0) })
    }
}
