/// What is wrong with a server's scope definitions; scopes are named by their place, from 0.
package enum ScopePolicyViolation: Error, Sendable, Equatable {
    /// More scopes than `ScopePolicy.maximumScopes`.
    case tooManyScopes
    /// The name is not a scope token (RFC 6749 §3.3).
    case malformedName(scope: Int)
    /// The name was defined before.
    case duplicateName(scope: Int)
    /// `includes` names a scope that the server does not have.
    case unknownInclude(scope: Int, name: String)
    /// The scopes include one another in a circle, which is given in order.
    case circle(scope: Int, names: [String])
    /// A pattern is empty or too long.
    case malformedPattern(scope: Int, pattern: String)
    /// The name of an argument is empty or no JSON pointer (RFC 6901 §3).
    case malformedArgument(scope: Int, tool: String, argument: String)
    /// A condition accepts no value, or a number that is not spelled as JSON does.
    case malformedValue(scope: Int, tool: String, argument: String)

    /// What is wrong, for the operator.
    package var description: String {
        switch self {
        case .tooManyScopes: "a server can have at most \(ScopePolicy.maximumScopes) scopes"
        case .malformedName:
            "a scope name is printable ASCII without spaces, quotes and backslashes"
        case .duplicateName: "the scope is defined twice"
        case .unknownInclude(_, let name): "includes the unknown scope \(name)"
        case .circle(_, let names): "includes itself: \(names.joined(separator: " → "))"
        case .malformedPattern(_, let pattern):
            "the pattern “\(pattern)” is empty or longer than \(Pattern.maximumLength) bytes"
        case .malformedArgument(_, let tool, let argument):
            "“\(argument)” of \(tool) is neither an argument's name nor a JSON pointer"
        case .malformedValue(_, let tool, let argument):
            "\(argument) of \(tool) needs at least one value: text, numbers, booleans or null"
        }
    }
}
