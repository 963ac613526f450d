package import OAuth

/// The scopes of one server, compiled: the only place where access is decided.
///
/// Immutable, and shared by all loops. Source: the `scopes:` block of a server.
package final class ScopePolicy: Sendable {
    /// The most scopes that one server can have.
    package static let maximumScopes = ScopeMask.capacity

    /// The definitions, in the operator's order.
    package let definitions: [ScopeDefinition]
    /// The names of the definitions.
    package let names: [ScopeToken]
    /// What a request without a token is told to ask for, and what the metadata lists.
    package let initialScopes: ScopeSet

    /// For each scope, itself and all that it includes.
    let closures: [ScopeMask]
    let tools: RuleTable
    let prompts: RuleTable
    let resources: RuleTable
    let methods: RuleTable

    /// Every scope of the server.
    package var allScopes: ScopeSet { ScopeSet(names) }

    /// Compiles the definitions; without any, one scope named after the server opens everything.
    ///
    /// - Throws: the first thing that is wrong.
    package init(
        _ definitions: [ScopeDefinition], serverName: String
    ) throws(ScopePolicyViolation) {
        let definitions =
            definitions.isEmpty ? [Self.openDefinition(named: serverName)] : definitions
        guard definitions.count <= Self.maximumScopes else { throw .tooManyScopes }
        let names = try Self.names(definitions)
        self.definitions = definitions
        self.names = names
        closures = try Self.closures(definitions, names)
        initialScopes = ScopeSet(names.indices.filter { definitions[$0].initial }.map { names[$0] })
        var tools: [RuleTable.Rule] = []
        var prompts: [RuleTable.Rule] = []
        var resources: [RuleTable.Rule] = []
        var methods: [RuleTable.Rule] = []
        for (scope, definition) in definitions.enumerated() {
            for rule in definition.tools { tools.append(try Self.compile(rule, scope)) }
            prompts += try Self.compile(definition.prompts, scope)
            resources += try Self.compile(definition.resources, scope)
            methods += try Self.compile(definition.methods, scope)
        }
        self.tools = RuleTable(tools, .tools, scopes: names)
        self.prompts = RuleTable(prompts, .prompts, scopes: names)
        self.resources = RuleTable(resources, .resources, scopes: names)
        self.methods = RuleTable(methods, .methods, scopes: names)
    }

    /// The name of the numbered scope.
    package func name(of scope: ScopeNumber) -> ScopeToken { names[scope.index] }

    /// What a token's scopes mean here.
    ///
    /// - Parameters:
    ///   - held: the scopes of the token; those that the server does not have open nothing.
    ///   - grantable: the scopes that user and client may be granted, from a token of our own. Nil
    ///     for a foreign token, which does not say: there every scope that is limited neither to
    ///     some users nor to some clients may be obtained.
    /// - Returns: what to keep with the token and hand to `decide`.
    package func effectiveScopes(held: ScopeSet, grantable: ScopeSet?) -> EffectiveScopes {
        var granted = ScopeMask.none
        var obtainable = ScopeMask.none
        for (scope, name) in names.enumerated() {
            if held.contains(name) { granted.formUnion(closures[scope]) }
            let isObtainable =
                grantable?.contains(name)
                ?? (definitions[scope].grantedTo == nil && definitions[scope].clients == .any)
            if isObtainable { obtainable.insert(scope) }
        }
        obtainable = obtainable.subtracting(granted)
        var reachable = granted
        for scope in names.indices where obtainable.contains(scope) {
            reachable.formUnion(closures[scope])
        }
        return EffectiveScopes(
            held: held, granted: granted, obtainable: obtainable, reachable: reachable)
    }

    /// The scopes that a challenge names so that a client keeps what it has and gets one more.
    ///
    /// `offline_access` is left out: it says nothing about resources (MCP 2026-07-28
    /// basic/authorization).
    package func challengeScopes(
        adding scope: ScopeNumber, to effective: EffectiveScopes
    ) -> ScopeSet {
        var result = ScopeSet(effective.held.tokens.filter { $0.text != ScopeToken.offlineAccess })
        result.insert(names[scope.index])
        return result
    }

    /// The scope of a server that names none.
    private static func openDefinition(named serverName: String) -> ScopeDefinition {
        ScopeDefinition(
            name: serverName, description: "Use \(serverName)", tools: [ToolRule(name: "*")],
            resources: ["*"], prompts: ["*"], methods: ["*"])
    }
}
