package import HTTP
package import JSON

/// The sizes and counts of the gateway as a whole; bytes unless the name says otherwise.
package struct LimitOptions: Sendable, Equatable {
    /// The request line.
    package var requestLine: Int
    /// One field line.
    package var fieldLine: Int
    /// All field lines of a head.
    package var fields: Int
    /// The number of field lines of a head.
    package var fieldCount: Int
    /// A body, unless the server has a limit of its own.
    package var body: Int
    /// The depth of a JSON text.
    package var jsonDepth: Int
    /// The number of members of one JSON object, or items of one array.
    package var jsonMemberCount: Int
    /// The name of a JSON member.
    package var jsonName: Int
    /// One server-sent event.
    package var event: Int
    /// The number of client connections.
    package var connectionCount: Int
    /// The number of client connections from one address.
    package var connectionCountPerAddress: Int
    /// The number of requests in flight to one server, unless it has a limit of its own.
    package var concurrentCount: Int
    /// What is held per direction of one exchange before reading stops.
    package var buffer: Int

    /// The limits of HTTP messages, with the body limit of the gateway.
    package var message: MessageLimits {
        var limits = MessageLimits()
        limits.startLine = requestLine
        limits.fieldLine = fieldLine
        limits.fields = fields
        limits.fieldCount = fieldCount
        limits.body = body
        return limits
    }

    /// The limits of JSON texts.
    package var json: JSONLimits {
        var limits = JSONLimits()
        limits.depth = jsonDepth
        limits.members = jsonMemberCount
        limits.nameLength = jsonName
        return limits
    }
}

/// How long the gateway waits.
package struct TimeLimits: Sendable, Equatable {
    /// For the head of a request.
    package var head: Duration
    /// Between two reads of a body.
    package var body: Duration
    /// For the next request of a kept connection.
    package var idle: Duration
    /// For running requests when the gateway is told to end.
    package var drain: Duration
}
