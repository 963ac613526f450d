package import JSON

/// What the gateway reads of `params._meta`.
package struct MessageMetadata: Sendable {
    /// `_meta`, an object; nil if absent.
    package var value: JSONValue?
    /// `io.modelcontextprotocol/protocolVersion`, present on every request of 2026-07-28.
    package var protocolVersion: String?
    /// Whether `io.modelcontextprotocol/clientCapabilities` is an object, required by 2026-07-28.
    package var hasClientCapabilities = false
    /// `progressToken`, a string or an integer.
    package var progressToken: JSONValue?
    /// `taskId` of `io.modelcontextprotocol/related-task`, 2025-11-25 only; unescaped.
    package var relatedTask: ArraySlice<UInt8>?
}
