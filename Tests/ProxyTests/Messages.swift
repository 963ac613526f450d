/// Requests and answers of the tests.
enum Messages {
    static let call =
        #"{"jsonrpc":"2.0","id":"c-1","method":"tools/call","params":{"name":"get_x","arguments":{}}}"#
    static let list = #"{"jsonrpc":"2.0","id":4,"method":"tools/list"}"#
    static let notification = #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#
    static let listen =
        #"{"jsonrpc":"2.0","id":9,"method":"subscriptions/listen","params":{"_meta":{"#
        + #""io.modelcontextprotocol/protocolVersion":"2026-07-28","#
        + #""io.modelcontextprotocol/clientCapabilities":{}},"notifications":{"#
        + #""toolsListChanged":true}}}"#
    static let listenLines = [
        "MCP-Protocol-Version: 2026-07-28", "Mcp-Method: subscriptions/listen",
    ]

    static let tools =
        #"{"jsonrpc":"2.0","id":4, "result":{"tools":[{"name":"get_x" },{"name":"delete_x"}]}}"#
    static let visibleTools =
        #"{"jsonrpc":"2.0","id":4, "result":{"tools":[{"name":"get_x" }]}}"#

    /// A whole answer of the upstream.
    static func answer(
        _ body: String, status: String = "200 OK", type: String = "application/json",
        _ lines: [String] = []
    ) -> String {
        "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n"
            + lines.map { "\($0)\r\n" }.joined() + "\r\n\(body)"
    }

    static let progress =
        "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progress\":1}}\n\n"

    /// The head of a stream in chunks.
    static let streamHead =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    static let streamEnd = "0\r\n\r\n"

    static func chunk(_ text: String) -> String {
        "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n"
    }

    /// An event without its id.
    static func withoutID(_ event: String) -> String {
        event.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("id: ") }.joined(separator: "\n")
    }
}
