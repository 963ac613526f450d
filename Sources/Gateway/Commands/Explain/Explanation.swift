import OAuth
import ResourceServer

/// A decision with everything that stands behind it.
struct Explanation: Sendable {
    /// A rule, with its place in the file.
    struct Rule: Sendable, Equatable {
        let scope: String
        let vocabulary: String
        let pattern: String
        let isConditional: Bool
        /// `file:line`; nil for a server that names no scopes.
        let place: String?
    }

    /// One step from a scope to one that it includes.
    struct Inclusion: Sendable, Equatable {
        let scope: String
        let included: String
        let place: String?
    }

    let decision: DecisionKind
    let server: String
    let question: ExplainedQuestion
    let caller: ExplainedCaller
    /// Why, in one sentence.
    let reason: String
    /// The rule that the decision rests on.
    let rule: Rule?
    /// The scope that the caller has, or would have to get, to come to the rule.
    let scope: String?
    /// How the scope comes to that of the rule, where it is another.
    let inclusions: [Inclusion]
    /// The rules that would open it for somebody who has their scopes, where the caller can have
    /// none of these.
    let unobtainable: [Rule]
    /// What the answer tells the caller to ask for; nil where it tells nothing.
    let challenge: ScopeSet?
    /// Whether lists show it; nil where there is no list.
    let isListed: Bool?
    /// The argument whose condition failed.
    let failedArgument: String?
    /// Whether observe mode forwards it all the same; nil for what is allowed anyway.
    let isRelaxedByObserving: Bool?
    /// Whether the server is in observe mode now.
    let isObserving: Bool
    /// Names in `--scope` that the server does not have.
    let strangers: [String]

    /// Explains what becomes of a request now, in Unix seconds.
    init(
        _ question: ExplainedQuestion, by caller: ExplainedCaller, at server: ProtectedServer,
        _ places: RulePlaces, now: Int64
    ) {
        let policy = server.policy
        self.server = server.name
        self.question = question
        self.caller = caller
        isObserving = server.observation?.isOpen(at: now) ?? false
        let held = caller.effectiveScopes?.held.tokens ?? []
        strangers = held.filter { !policy.allScopes.contains($0) }.map(\.text)

        guard let scopes = caller.effectiveScopes, case .policy(let operation) = question.ground
        else {
            let isAllowed = caller.effectiveScopes != nil
            decision = isAllowed ? .allow : .unauthenticated
            reason = isAllowed ? "a valid token is enough" : "the token is not accepted"
            challenge = isAllowed ? nil : policy.initialScopes
            isRelaxedByObserving = isAllowed ? nil : false
            (rule, scope, failedArgument, isListed) = (nil, nil, nil, nil)
            (inclusions, unobtainable) = ([], [])
            return
        }
        let verdict = policy.judge(operation, for: scopes)
        let finding = Finding(verdict.decision, scopes, policy)
        let chain = verdict.rule.flatMap {
            Self.chain(from: finding.starts, to: $0.scope.text, policy, places)
        }
        decision = finding.decision
        reason = finding.reason
        rule = verdict.rule.map { Rule($0, places) }
        scope = chain?.scope
        inclusions = chain?.steps ?? []
        unobtainable =
            verdict.rule == nil ? Self.openers(of: operation, policy).map { Rule($0, places) } : []
        challenge = finding.challenge
        isListed = Self.isListed(operation, scopes, server, isObserving: isObserving)
        failedArgument = finding.failedArgument
        isRelaxedByObserving = verdict.decision.isRelaxedByObserving
    }

    /// The rules that would open it, one for each scope that has one, whoever may have the scopes.
    private static func openers(
        of operation: ResourceServer.Operation, _ policy: ScopePolicy
    ) -> [RuleReference] {
        var rules: [RuleReference] = []
        for name in policy.names {
            let alone = policy.effectiveScopes(held: ScopeSet([name]), grantable: ScopeSet())
            let verdict = policy.judge(operation, for: alone)
            guard verdict.decision == .allow, let rule = verdict.rule, !rules.contains(rule) else {
                continue
            }
            rules.append(rule)
        }
        return rules
    }

    private static func isListed(
        _ operation: ResourceServer.Operation, _ scopes: EffectiveScopes,
        _ server: ProtectedServer, isObserving: Bool
    ) -> Bool? {
        switch operation {
        case .method, .taskOfTool: nil
        case .tool, .prompt, .resource, .resourceTemplate:
            isObserving
                || server.policy.lists(operation, for: scopes, visibility: server.visibility)
        }
    }

    /// The shortest way over `includes` from one of the scopes to another; the first of equals.
    private static func chain(
        from starts: [String], to target: String, _ policy: ScopePolicy, _ places: RulePlaces
    ) -> (scope: String, steps: [Inclusion])? {
        let includes = Dictionary(
            policy.definitions.map { ($0.name, $0.includes) },
            uniquingKeysWith: { first, _ in first })
        var ways = starts.filter { includes[$0] != nil }.map { [$0] }
        var seen = Set(starts)
        while !ways.isEmpty {
            if let way = ways.first(where: { $0.last == target }) {
                let steps = zip(way, way.dropFirst()).map { scope, included in
                    Inclusion(
                        scope: scope, included: included,
                        place: places.place(of: included, includedBy: scope))
                }
                return (way[0], steps)
            }
            ways = ways.flatMap { way in
                (includes[way[way.count - 1]] ?? []).filter { seen.insert($0).inserted }
                    .map { way + [$0] }
            }
        }
        return nil
    }
}

extension Explanation.Rule {
    fileprivate init(_ rule: RuleReference, _ places: RulePlaces) {
        self.init(
            scope: rule.scope.text, vocabulary: rule.vocabulary.rawValue, pattern: rule.pattern,
            isConditional: rule.isConditional, place: places.place(of: rule))
    }
}

/// What a decision of the policy means to the caller.
private struct Finding {
    let decision: DecisionKind
    let reason: String
    /// The scopes from which the way to the rule begins.
    var starts: [String] = []
    var challenge: ScopeSet?
    var failedArgument: String?

    init(_ decision: Decision, _ scopes: EffectiveScopes, _ policy: ScopePolicy) {
        switch decision {
        case .allow:
            self.decision = .allow
            reason = "a scope that is held opens it"
            starts = scopes.held.tokens.map(\.text)
        case .stepUp(let missing):
            let name = policy.name(of: missing).text
            self.decision = .stepUp
            reason = "nothing held opens it; \(name) would, and may be granted"
            starts = [name]
            challenge = policy.challengeScopes(adding: missing, to: scopes)
        case .unknown, .unknownMethod:
            self.decision = decision == .unknown ? .unknown : .unknownMethod
            reason = "nothing opens it that is held or may be granted"
        case .denied(let denial):
            self.decision = .denied
            reason = denial.description
            switch denial {
            case .argument(let name): failedArgument = name
            case .resourceURI: break
            }
        }
    }
}
