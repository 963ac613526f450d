package import MCP

/// What came of asking an upstream for all of its tools.
package enum ToolListOutcome: Sendable {
    /// The tools of all pages.
    case listed(AnnotatedTools)
    /// There is no list that was understood to its end.
    case failed(UpstreamFailure)
}
