/// What a method needs besides a valid token.
package enum MethodRequirement: Sendable, Hashable {
    /// Nothing more.
    case token
    /// Nothing more; the answer is filtered.
    case list(ListKind)
    /// A decision on the tool that it names.
    case tool
    /// A decision on the prompt that it names.
    case prompt
    /// A decision on the resource that it names.
    case resource
    /// A decision on the prompt or resource that it completes.
    case completion
    /// A decision on each resource and task that it names.
    case subscription
    /// The principal that was given the task, and the scope that opens the tool behind it.
    case task
    /// A scope whose `methods` opens it.
    case methodScope
}

extension MCPMethod {
    /// What the method needs.
    package var requirement: MethodRequirement { .methodScope }
}
