import JSON

/// A `tools/list` of 2026-07-28 that the gateway asks on its own account, one page at a time.
///
/// Nothing in it comes from a client: the cursor is the server's own.
package struct ToolListQuery: Sendable {
    /// The id of the request.
    package let id: Int
    /// The message.
    package let body: [UInt8]

    /// Asks for the first page, or for the one behind `cursor`.
    package init(id: Int, cursor: String?) {
        self.id = id
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("jsonrpc")
        writer.string("2.0")
        writer.name("id")
        writer.integer(id)
        writer.name("method")
        writer.string(MCPMethod.toolsList.name)
        writer.name("params")
        writer.beginObject()
        writer.name("_meta")
        writer.beginObject()
        writer.name("io.modelcontextprotocol/protocolVersion")
        writer.string(ProtocolRevision.v2026_07_28.rawValue)
        writer.name("io.modelcontextprotocol/clientCapabilities")
        writer.beginObject()
        writer.endObject()
        writer.endObject()
        if let cursor {
            writer.name("cursor")
            writer.string(cursor)
        }
        writer.endObject()
        writer.endObject()
        body = writer.bytes
    }

    /// The fields that repeat the body, and what answers may be.
    package var fields: [(name: StaticString, value: String)] {
        [
            ("MCP-Protocol-Version", ProtocolRevision.v2026_07_28.rawValue),
            ("Mcp-Method", MCPMethod.toolsList.name),
            ("Accept", "application/json, text/event-stream"),
            ("Content-Type", "application/json"),
        ]
    }
}
