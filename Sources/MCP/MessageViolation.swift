package import JSON

/// How a body deviates from being exactly one JSON-RPC message of MCP.
package enum MessageViolation: Error, Sendable, Equatable {
    /// Not one JSON value that can be read in one way only.
    case json(JSONViolation)
    /// An array: a batch, in any revision.
    case array
}
