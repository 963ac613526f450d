import JSON

/// A notification that a list has changed, of which a server tells its clients.
package enum ListChange: String, Sendable, CaseIterable {
    /// `notifications/tools/list_changed`.
    case tools
    /// `notifications/prompts/list_changed`.
    case prompts
    /// `notifications/resources/list_changed`, for templates too.
    case resources

    /// The notification as one event.
    ///
    /// - Parameter subscription: the id of the `subscriptions/listen` that asked for it, as it was
    ///   written; nil on the streams of earlier revisions (MCP 2026-07-28 basic/patterns).
    /// - Returns: the bytes of the event.
    package func event(for subscription: ArraySlice<UInt8>?) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("jsonrpc")
        writer.string("2.0")
        writer.name("method")
        writer.string("notifications/\(rawValue)/list_changed")
        if let subscription {
            writer.name("params")
            writer.beginObject()
            writer.name("_meta")
            writer.beginObject()
            writer.name("io.modelcontextprotocol/subscriptionId")
            writer.raw(subscription)
            writer.endObject()
            writer.endObject()
        }
        writer.endObject()
        return EventStreamEvent.encode(data: writer.bytes, event: "message")
    }

    /// Whether a `subscriptions/listen` asks for it.
    package func isWanted(by message: Message) -> Bool {
        let wanted = message.params?["notifications"]
        switch self {
        case .tools: return wanted?["toolsListChanged"]?.bool == true
        case .prompts: return wanted?["promptsListChanged"]?.bool == true
        case .resources: return wanted?["resourcesListChanged"]?.bool == true
        }
    }
}
