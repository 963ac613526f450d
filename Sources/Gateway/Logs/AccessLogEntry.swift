/// What the access log says of one request: these members and no others, so there is no place
/// where a token, a header or a query could go.
///
/// A member that is nil is left out of the line.
package struct AccessLogEntry: Sendable {
    /// When the request's head was read; milliseconds since 1970-01-01T00:00:00Z.
    package var timeMilliseconds: Int64
    /// The gateway's name for the request.
    package var requestID: RequestIdentifier
    /// The address of the client, as it was determined.
    package var clientAddress: LogText?
    /// The name of the configured server.
    package var server: LogText?
    /// The method of HTTP.
    package var method: LogText?
    /// The path of the target; whatever follows a `?` or `#` is not written.
    package var path: LogText?
    /// The MCP method.
    package var mcpMethod: LogText?
    /// The tool, prompt or resource that the message names.
    package var mcpTarget: LogText?
    /// The subject of the verified token.
    package var subject: LogText?
    /// The client of the verified token.
    package var clientID: LogText?
    /// What became of the request.
    package var decision: RequestOutcome?
    /// Why, in words of ours.
    package var reason: LogText?
    /// The status that was sent.
    package var status: Int?
    /// The status that the upstream sent.
    package var upstreamStatus: Int?
    /// Bytes of content received.
    package var bytesIn = 0
    /// Bytes of content sent.
    package var bytesOut = 0
    /// From the first byte of the request to the last of the answer, in microseconds.
    package var durationMicroseconds = 0

    /// An entry of what is given here; the rest can be set.
    @inline(__always)
    package init(
        timeMilliseconds: Int64, requestID: RequestIdentifier, clientAddress: LogText? = nil,
        server: LogText? = nil, method: LogText? = nil, path: LogText? = nil,
        mcpMethod: LogText? = nil, mcpTarget: LogText? = nil, subject: LogText? = nil,
        clientID: LogText? = nil, reason: LogText? = nil
    ) {
        self.timeMilliseconds = timeMilliseconds
        self.requestID = requestID
        self.clientAddress = clientAddress
        self.server = server
        self.method = method
        self.path = path
        self.mcpMethod = mcpMethod
        self.mcpTarget = mcpTarget
        self.subject = subject
        self.clientID = clientID
        self.reason = reason
    }
}
