import MCP

/// A request that cannot be judged before the tool's definition is known.
package struct NeededDefinition: Sendable {
    /// The name of the tool.
    package let tool: ArraySlice<UInt8>
    /// Whether the request has fields that repeat arguments.
    package let hasFields: Bool
    /// The id of the request, as it was written.
    package let id: ArraySlice<UInt8>?

    private let server: ProtectedServer

    init(tool: ArraySlice<UInt8>, hasFields: Bool, id: ArraySlice<UInt8>?, server: ProtectedServer)
    {
        self.tool = tool
        self.hasFields = hasFields
        self.id = id
        self.server = server
    }

    /// Waits for the definition; see ``ToolSchemas/wait(for:hasFields:wake:)``.
    package func wait(wake: @escaping @Sendable () -> Void) -> ToolSchemas.Wait {
        server.toolSchemas.wait(for: tool, hasFields: hasFields, wake: wake)
    }

    /// The answer where nobody could get the definition in time.
    package var overloaded: Refusal {
        let error = GatewayError.unavailable(reason: "too many requests are under way")
        return .jsonRPC(
            error.answer(for: .modern), id: id,
            fields: [Refusal.Field(name: "Retry-After", value: "1")],
            reason: "too many requests wait for the tools of \(server.name)",
            ruling: Ruling(.overloaded))
    }
}
