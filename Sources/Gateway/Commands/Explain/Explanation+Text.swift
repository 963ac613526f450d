import AuthorizationServer
import OAuth
import ResourceServer

extension Explanation {
    /// The explanation for people: the decision first, then a line for each thing behind it.
    ///
    /// Nothing in it moves the cursor of a terminal.
    var lines: [String] {
        var table = TextTable()
        func add(_ label: String, _ text: String) { table.add([label, text]) }
        add(word, "\(question.description) at \(server)")
        add("because", reason)
        for (label, text) in callerLines { add(label, text) }
        if let rule { add("rule", rule.text) }
        for step in inclusions {
            add("", "\(step.scope) includes \(step.included)\(Self.suffix(step.place))")
        }
        for rule in unobtainable { add("only by", rule.text) }
        if decision == .stepUp, let scope { add("missing", scope) }
        if let challenge { add("ask for", challenge.text) }
        if let failedArgument { add("argument", failedArgument) }
        if let isListed { add("in lists", isListed ? "shown" : "hidden") }
        if let isRelaxedByObserving {
            let verb = isObserving ? "forwards it" : "would forward it"
            add("observe mode", isRelaxedByObserving ? verb : "does not relax this")
        }
        return table.lines
    }

    /// The decision in the words of the policy.
    var word: String {
        "\(decision.label)".map { $0 == "_" ? " " : String($0) }.joined()
    }

    private var callerLines: [(String, String)] {
        var lines: [(String, String)] = []
        switch caller {
        case .refused(let description, let reason):
            lines.append(("answer", "401 invalid_token: \(description)"))
            lines.append(("log", reason))
        case .bearer(let token):
            lines.append(("caller", "\(token.subject) through \(token.clientID)"))
            lines.append(("until", UTCTime.text(token.expiresAt)))
        case .scopes(_, let grant?, let withheld):
            let user = "\(grant.user.source)/\(grant.user.name)"
            let client = grant.clientID.map { id in
                grant.isKnownClient ? id : "\(id), which is not known here and counts as unverified"
            }
            lines.append(("caller", "\(user) through \(client ?? "an unverified client")"))
            lines.append(("may have", grant.scopes.isEmpty ? "nothing" : grant.scopes.text))
            if !withheld.isEmpty { lines.append(("withheld", withheld.text)) }
        case .scopes(_, nil, _):
            lines.append(
                ("caller", "somebody; scopes that are not for everybody count as out of reach"))
        }
        if let held = caller.effectiveScopes?.held {
            lines.append(("holds", held.isEmpty ? "no scope" : held.text))
        }
        if !strangers.isEmpty {
            lines.append(("no scope here", strangers.joined(separator: " ")))
        }
        return lines
    }

    fileprivate static func suffix(_ place: String?) -> String { place.map { " (\($0))" } ?? "" }
}

extension Explanation.Rule {
    fileprivate var text: String {
        let condition = isConditional ? ", on conditions" : ""
        let place = place ?? "the file names no scopes"
        return "\(pattern) in \(vocabulary) of \(scope)\(condition) (\(place))"
    }
}
