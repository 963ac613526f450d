import HTTP
import Proxy
import ResourceServer

/// An answer that the gateway gives itself, whole.
struct LocalAnswer {
    var status: Int
    /// Field lines, each with its CRLF; none of them about framing or the connection.
    var fieldLines: [UInt8]
    var body: [UInt8]
    /// Why, for the access log; never a secret.
    var reason: String?

    init(status: Int, fieldLines: [UInt8] = [], body: [UInt8] = [], reason: String? = nil) {
        self.status = status
        self.fieldLines = fieldLines
        self.body = body
        self.reason = reason
    }

    /// A refusal of the resource server.
    init(_ refusal: Refusal) {
        var lines: [UInt8] = []
        refusal.appendFieldLines(to: &lines)
        self.init(
            status: refusal.status, fieldLines: lines, body: refusal.body, reason: refusal.reason)
    }

    /// A short plain text.
    static func text(_ status: Int, _ text: String, reason: String? = nil) -> LocalAnswer {
        var lines: [UInt8] = []
        lines.appendField("Content-Type", "text/plain; charset=utf-8")
        lines.appendField("Cache-Control", "no-store")
        return LocalAnswer(
            status: status, fieldLines: lines, body: Array((text + "\n").utf8), reason: reason)
    }

    /// A JSON document.
    static func json(_ status: Int, _ body: [UInt8], reason: String? = nil) -> LocalAnswer {
        var lines: [UInt8] = []
        lines.appendField("Content-Type", "application/json")
        return LocalAnswer(status: status, fieldLines: lines, body: body, reason: reason)
    }
}
