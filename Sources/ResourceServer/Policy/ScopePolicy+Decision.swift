import JSON
package import OAuth

extension ScopePolicy {
    /// The decision on one operation: the one function behind calling, reading and listing.
    ///
    /// What no branch allows is not allowed.
    package func decide(_ operation: Operation, for scopes: EffectiveScopes) -> Decision {
        switch operation {
        case .tool(let name, let arguments):
            return decideTool(name.span, arguments, scopes)
        case .prompt(let name):
            return decide(openers: prompts.openers(of: name.span), scopes) ?? .unknown
        case .resource(let uri):
            if let violation = ResourceURI.violation(in: uri) {
                return .denied(.resourceURI(violation))
            }
            return decide(openers: resources.openers(of: uri.span), scopes) ?? .unknown
        case .resourceTemplate(let text):
            guard let template = ResourceTemplate(text) else { return .unknown }
            return decide(openers: resources.openers(ofSome: template), scopes) ?? .unknown
        case .method(let name):
            return decide(openers: methods.openers(of: name.span), scopes) ?? .unknownMethod
        }
    }

    /// The decision from texts, for whoever does not keep `EffectiveScopes`.
    package func decide(
        _ operation: Operation, held: ScopeSet, grantable: ScopeSet?
    ) -> Decision {
        decide(operation, for: effectiveScopes(held: held, grantable: grantable))
    }

    /// Whether a list shows the thing; conditions on arguments never hide a tool.
    package func lists(
        _ operation: Operation, for scopes: EffectiveScopes, visibility: Visibility
    ) -> Bool {
        let mask =
            switch visibility {
            case .granted: scopes.granted
            case .obtainable: scopes.reachable
            }
        switch operation {
        case .tool(let name, _):
            return tools.mentions(of: name.span).intersects(mask)
        case .prompt(let name):
            return prompts.openers(of: name.span).intersects(mask)
        case .resource(let uri):
            guard ResourceURI.violation(in: uri) == nil else { return false }
            return resources.openers(of: uri.span).intersects(mask)
        case .resourceTemplate(let text):
            guard let template = ResourceTemplate(text) else { return false }
            return resources.openers(ofSome: template).intersects(mask)
        case .method(let name):
            return methods.openers(of: name.span).intersects(mask)
        }
    }

    /// Allow or step up for what the given scopes open; nil where neither holds.
    private func decide(openers: ScopeMask, _ scopes: EffectiveScopes) -> Decision? {
        if openers.intersects(scopes.granted) { return .allow }
        return narrowest(opening: openers, scopes).map { .stepUp($0) }
    }

    /// The decision on a call: as for other names, and the conditions on its arguments.
    private func decideTool(
        _ name: Span<UInt8>, _ arguments: JSONValue?, _ scopes: EffectiveScopes
    ) -> Decision {
        var openers = tools.openers(of: name)
        if openers.intersects(scopes.granted) { return .allow }
        var failed: String?
        for rule in tools.conditional(for: name) {
            if let condition = rule.conditions.first(where: { !$0.isMet(by: arguments) }) {
                if failed == nil, scopes.reachable.contains(rule.scope) {
                    failed = condition.argument
                }
            } else {
                openers.insert(rule.scope)
            }
        }
        if let decision = decide(openers: openers, scopes) { return decision }
        return failed.map { .denied(.argument($0)) } ?? .unknown
    }

    /// The obtainable scope that brings one of the openers and includes the least; the first of
    /// equals in the operator's order.
    private func narrowest(opening openers: ScopeMask, _ scopes: EffectiveScopes) -> ScopeNumber? {
        guard !openers.isEmpty, !scopes.obtainable.isEmpty else { return nil }
        let candidates = names.indices.filter {
            scopes.obtainable.contains($0) && closures[$0].intersects(openers)
        }
        return candidates.min { closures[$0].count < closures[$1].count }
            .map { ScopeNumber(index: $0) }
    }
}
