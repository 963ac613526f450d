import JSON

/// How a stream ends that the gateway ends, so that the client knows it was meant.
package enum StreamEnding: Sendable, Equatable {
    /// `subscriptions/listen` of that id gets its result (MCP 2026-07-28 basic/patterns).
    case listenCompletion(id: [UInt8])
    /// A stream of earlier revisions gets the time after which to connect again.
    case retry(milliseconds: Int)
    /// The stream of a call of that id gets an error as its response.
    case failure(JSONRPCError, id: [UInt8]?)

    /// The bytes of the last event.
    package var bytes: [UInt8] {
        switch self {
        case .listenCompletion(let id):
            EventStreamEvent.encode(data: Self.completion(of: id), event: "message")
        case .retry(let milliseconds):
            EventStreamEvent.encode(data: nil, retry: milliseconds)
        case .failure(let error, let id):
            error.event(id: id?[...])
        }
    }

    private static func completion(of id: [UInt8]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("jsonrpc")
        writer.string("2.0")
        writer.name("id")
        writer.raw(id)
        writer.name("result")
        writer.beginObject()
        writer.name("resultType")
        writer.string("complete")
        writer.name("_meta")
        writer.beginObject()
        writer.name("io.modelcontextprotocol/subscriptionId")
        writer.raw(id)
        writer.endObject()
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }
}
