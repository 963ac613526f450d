/// What the policy says about an operation.
package enum Decision: Sendable, Equatable {
    /// A scope that the token holds, or one that it includes, opens the operation.
    case allow
    /// No scope held opens it, but this one would, which user and client may be granted.
    case stepUp(ScopeNumber)
    /// No scope opens it that the caller holds or may be granted.
    case unknown
    /// No scope's `methods` opens the method.
    case unknownMethod
    /// It is refused for a reason that no obtainable scope lifts.
    case denied(Denial)
}

/// A scope of a server, by its place among the server's definitions.
package struct ScopeNumber: Sendable, Hashable {
    /// The place, from 0.
    package let index: Int
}

/// Why an operation is denied although scopes know it.
package enum Denial: Error, Sendable, Equatable {
    /// An argument is absent or not one of the accepted values.
    case argument(String)
    /// The resource URI could be read in two ways.
    case resourceURI(ResourceURIViolation)

    /// The reason for the caller.
    package var description: String {
        switch self {
        case .argument(let name): "the argument \(name) does not have a permitted value"
        case .resourceURI(let violation): violation.description
        }
    }
}
