import HTTP

/// The fields that let a page of an allowed origin read an answer.
///
/// Source: Fetch §3.3.
package enum CORSFields {
    /// The most bytes of `Access-Control-Request-Headers` that are read.
    static let maximumRequestedLength = 2048

    private static let exposed =
        "WWW-Authenticate, Mcp-Session-Id, MCP-Protocol-Version, DPoP-Nonce"
    private static let methods = "GET, POST, DELETE, OPTIONS"
    private static let headers = [
        "authorization", "content-type", "accept", "mcp-protocol-version", "mcp-session-id",
        "mcp-method", "mcp-name", "last-event-id", "dpop",
    ]

    /// The fields of an answer to the origin, whose bytes were found to be allowed.
    package static func answer(to origin: ArraySlice<UInt8>) -> [Refusal.Field] {
        [
            Refusal.Field(
                name: "Access-Control-Allow-Origin", value: String(decoding: origin, as: UTF8.self)),
            Refusal.Field(name: "Access-Control-Expose-Headers", value: exposed),
            Refusal.Field(name: "Vary", value: "Origin"),
        ]
    }

    /// The answer to an OPTIONS request, which comes before a token can.
    static func preflight(_ head: RequestHead, origin: ArraySlice<UInt8>?) -> Refusal {
        var fields = [Refusal.Field(name: "Allow", value: methods)]
        if let origin {
            fields += answer(to: origin)
            fields.append(Refusal.Field(name: "Access-Control-Allow-Methods", value: methods))
            fields.append(
                Refusal.Field(
                    name: "Access-Control-Allow-Headers",
                    value: allowedHeaders(head).joined(separator: ", ")))
            fields.append(Refusal.Field(name: "Access-Control-Max-Age", value: "7200"))
        }
        return Refusal(status: 204, fields: fields, reason: "preflight")
    }

    /// The headers that clients need, and whatever else was asked for that is a field name: which
    /// ones reach the upstream is decided when they come.
    private static func allowedHeaders(_ head: RequestHead) -> [String] {
        var names = headers
        let asked = head.fields.bytes(of: "access-control-request-headers") ?? []
        guard asked.count <= maximumRequestedLength else { return names }
        for part in asked.split(separator: UInt8(ascii: ",")) {
            let name = String(decoding: part, as: UTF8.self)
                .split(separator: " ").joined().lowercased()
            let isName = name.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F
            }
            if !name.isEmpty, isName, !names.contains(name) { names.append(name) }
        }
        return names
    }
}
