import Configuration
import ResourceServer

/// Where the rules of one server stand, as `file:line`.
struct RulePlaces: Sendable {
    let file: String
    let positions: ScopeRulePositions
    let server: ServerOptions

    /// Where a rule stands; nil for that of a server that names no scopes.
    func place(of rule: RuleReference) -> String? {
        positions.position(of: rule, at: server.name).map(text)
    }

    /// Where a scope begins.
    func place(ofScope scope: String) -> String? {
        positions.position(ofScope: scope, at: server.name).map(text)
    }

    /// Where a scope says that it includes another.
    func place(of included: String, includedBy scope: String) -> String? {
        positions.position(of: included, includedBy: scope, at: server.name).map(text)
    }

    private func text(_ position: SourcePosition) -> String { "\(file):\(position.line)" }
}
