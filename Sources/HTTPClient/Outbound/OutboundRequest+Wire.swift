import HTTP

extension OutboundRequest {
    /// The request as it goes over the wire, on a connection of its own; nil where a field would
    /// be more than a field.
    ///
    /// Source: RFC 9112 §3, RFC 9110 §7.2.
    var wire: [UInt8]? {
        let isWritable = fields.allSatisfy { field in
            FieldName.isName(Array(field.name.utf8)[...])
                && field.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
                && !Self.ownFields.contains(field.name.lowercased())
        }
        guard isWritable else { return nil }
        var text = "\(method.name) \(url.requestTarget) HTTP/1.1\r\nHost: \(url.authority)\r\n"
        for field in fields { text += "\(field.name): \(field.value)\r\n" }
        switch method {
        case .get: guard content.isEmpty else { return nil }
        case .post: text += "Content-Length: \(content.count)\r\n"
        case .head, .put, .delete, .options, .patch, .connect, .trace, .other: return nil
        }
        text += "User-Agent: Gatehouse\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n"
        return Array(text.utf8) + content
    }

    /// Fields that are written here and nowhere else.
    private static let ownFields: Set = [
        "host", "content-length", "connection", "transfer-encoding", "accept-encoding",
        "user-agent",
    ]
}
