import JSON
package import OAuth

extension ScopePolicy {
    /// The decision on one operation with the rule behind it: the one function behind calling,
    /// reading, listing and explaining.
    ///
    /// What no branch allows is not allowed.
    package func judge(_ operation: Operation, for scopes: EffectiveScopes) -> Verdict {
        switch operation {
        case .tool(let name, let arguments):
            return judgeTool(tools.entry(for: name.span), arguments, scopes)
        case .taskOfTool(let name):
            return judge(
                tools.entryIgnoringConditions(for: name.span), of: tools, scopes, else: .unknown)
        case .prompt(let name):
            return judge(prompts.entry(for: name.span), of: prompts, scopes, else: .unknown)
        case .resource(let uri):
            if let violation = ResourceURI.violation(in: uri) {
                return Verdict(decision: .denied(.resourceURI(violation)), rule: nil)
            }
            return judge(resources.entry(for: uri.span), of: resources, scopes, else: .unknown)
        case .resourceTemplate(let text):
            guard let template = ResourceTemplate(text) else {
                return Verdict(decision: .unknown, rule: nil)
            }
            return judge(
                resources.entry(forSome: template), of: resources, scopes, else: .unknown)
        case .method(let name):
            return judge(methods.entry(for: name.span), of: methods, scopes, else: .unknownMethod)
        }
    }

    /// The decision on one operation without its rule.
    package func decide(_ operation: Operation, for scopes: EffectiveScopes) -> Decision {
        judge(operation, for: scopes).decision
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
        let mask = scopes.shown(by: visibility)
        switch operation {
        case .tool(let name, _), .taskOfTool(let name):
            return tools.mentions(of: name.span).intersects(mask)
        case .prompt(let name):
            return prompts.mentions(of: name.span).intersects(mask)
        case .resource(let uri):
            guard ResourceURI.violation(in: uri) == nil else { return false }
            return resources.mentions(of: uri.span).intersects(mask)
        case .resourceTemplate(let text):
            guard let template = ResourceTemplate(text) else { return false }
            return resources.entry(forSome: template).openers.intersects(mask)
        case .method(let name):
            return methods.mentions(of: name.span).intersects(mask)
        }
    }

    /// Allow or step up for what the entry's rules open, else what is said of what none opens.
    private func judge(
        _ entry: RuleTable.Entry, of table: RuleTable, _ scopes: EffectiveScopes,
        else nothing: Decision
    ) -> Verdict {
        if entry.openers.intersects(scopes.granted) {
            return Verdict(decision: .allow, rule: table.opener(of: entry, in: scopes.granted))
        }
        guard let scope = narrowest(opening: entry.openers, scopes) else {
            return Verdict(decision: nothing, rule: nil)
        }
        return Verdict(
            decision: .stepUp(scope), rule: table.opener(of: entry, in: closures[scope.index]))
    }

    /// The decision on a call: as for other names, and the conditions on its arguments.
    private func judgeTool(
        _ entry: RuleTable.Entry, _ arguments: JSONValue?, _ scopes: EffectiveScopes
    ) -> Verdict {
        guard entry.hasConditions, !entry.openers.intersects(scopes.granted) else {
            return judge(entry, of: tools, scopes, else: .unknown)
        }
        // The rules whose conditions are met open like those without; the others do not open.
        var openers = entry.openers
        var failed: (rule: Int, argument: String)?
        for place in entry.places {
            let rule = tools.rules[place]
            if let condition = rule.conditions.first(where: { !$0.isMet(by: arguments) }) {
                if failed == nil, scopes.reachable.contains(rule.scope) {
                    failed = (place, condition.argument)
                }
            } else {
                openers.insert(rule.scope)
            }
        }
        func opener(in mask: ScopeMask) -> RuleReference? {
            entry.places.first { place in
                let rule = tools.rules[place]
                return mask.contains(rule.scope)
                    && rule.conditions.allSatisfy { $0.isMet(by: arguments) }
            }.map { tools.references[$0] }
        }
        if openers.intersects(scopes.granted) {
            return Verdict(decision: .allow, rule: opener(in: scopes.granted))
        }
        if let scope = narrowest(opening: openers, scopes) {
            return Verdict(decision: .stepUp(scope), rule: opener(in: closures[scope.index]))
        }
        guard let failed else { return Verdict(decision: .unknown, rule: nil) }
        return Verdict(
            decision: .denied(.argument(failed.argument)), rule: tools.references[failed.rule])
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
