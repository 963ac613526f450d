import HTTP

/// Documents that everybody may read, from any page: metadata and keys.
///
/// They take no cookie.
enum PublicDocument {
    /// The answer to a request for the document.
    static func answer(_ head: RequestHead, _ body: [UInt8]) -> LocalAnswer {
        switch head.method {
        case .get, .head:
            var answer = LocalAnswer.json(200, body)
            answer.fieldLines.appendField("Access-Control-Allow-Origin", "*")
            answer.fieldLines.appendField("Cache-Control", "max-age=300")
            return answer
        case .options:
            var answer = options
            answer.fieldLines.appendField("Access-Control-Allow-Origin", "*")
            answer.fieldLines.appendField("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
            answer.fieldLines.appendField("Access-Control-Allow-Headers", "MCP-Protocol-Version")
            answer.fieldLines.appendField("Access-Control-Max-Age", "7200")
            return answer
        case .post, .put, .delete, .patch, .connect, .trace, .other:
            var answer = LocalAnswer.text(405, "this document is read with GET")
            answer.fieldLines.appendField("Allow", "GET, HEAD, OPTIONS")
            return answer
        }
    }

    /// The answer to OPTIONS.
    static var options: LocalAnswer {
        var answer = LocalAnswer(status: 204)
        answer.fieldLines.appendField("Allow", "GET, HEAD, OPTIONS")
        return answer
    }
}
