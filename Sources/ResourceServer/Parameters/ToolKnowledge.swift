package import MCP

/// What is known of one tool: which fields repeat its arguments.
package enum ToolKnowledge: Sendable {
    /// These do.
    case annotated(ParameterHeaders)
    /// None does.
    case plain
    /// The list has to be asked for.
    case stale
    /// The upstream gave no list a moment ago.
    case unavailable(UpstreamFailure)
}
