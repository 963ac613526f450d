import HTTP
import MCP

/// What the head of an authenticated request must be, whatever its body says.
enum EnvelopeCheck {
    /// RFC 9110 §15.5.6 — the answer names what is allowed.
    static let methodNotAllowed = Refusal.plain(
        status: 405, "This endpoint takes POST, GET and DELETE",
        fields: [Refusal.Field(name: "Allow", value: "GET, POST, DELETE, OPTIONS")],
        ruling: Ruling(.malformed))

    /// The answer to a head that cannot be accepted; nil where it can.
    static func refusal(_ head: RequestHead) -> Refusal? {
        switch head.method {
        case .post: return contentRefusal(head)
        case .get, .delete:
            // RFC 9110 §9.3.1 — content of a GET means nothing, and nothing judges it.
            guard head.framing == .none || head.framing == .length(0) else {
                return .plain(
                    status: 400, "A \(head.method.name) request has no content",
                    ruling: Ruling(.malformed))
            }
            do throws(RefusedRequest) {
                _ = try streamRevision(head.fields)
                return nil
            } catch {
                return error.refusal
            }
        case .head, .put, .options, .patch, .connect, .trace, .other: return methodNotAllowed
        }
    }

    /// The revision of a request without a message, which only the earlier ones have.
    static func streamRevision(_ fields: Fields) throws(RefusedRequest) -> ProtocolRevision {
        // MCP 2025-11-25 basic/transports — a request that names no revision speaks 2025-03-26.
        guard let value = fields.bytes(of: .mcpProtocolVersion) else { return .v2025_03_26 }
        guard fields.count(of: .mcpProtocolVersion) == 1,
            let revision = ProtocolRevision(utf8: value)
        else {
            throw RefusedRequest(
                .plain(
                    status: 400, "MCP-Protocol-Version is not a supported revision",
                    ruling: Ruling(.malformed)))
        }
        guard revision.era == .legacy else {
            // MCP 2026-07-28 basic/transports — no GET stream, no session to delete.
            throw RefusedRequest(
                .plain(
                    status: 405, "This revision takes POST only",
                    fields: [Refusal.Field(name: "Allow", value: "POST, OPTIONS")],
                    ruling: Ruling(.malformed)))
        }
        return revision
    }

    /// The answer to content that is no plain JSON.
    private static func contentRefusal(_ head: RequestHead) -> Refusal? {
        guard isPlainJSON(head.fields) else {
            return .plain(
                status: 415, "The content must be application/json",
                fields: [Refusal.Field(name: "Accept", value: "application/json")],
                ruling: Ruling(.malformed))
        }
        // RFC 9110 §8.4 — what is encoded could not be judged.
        guard
            !head.fields.has(.contentEncoding)
                || head.fields[.contentEncoding].map({ $0.lowercased() == "identity" }) ?? true
        else {
            return .plain(
                status: 415, "The content must not be encoded",
                fields: [Refusal.Field(name: "Accept-Encoding", value: "identity")],
                ruling: Ruling(.malformed))
        }
        return nil
    }

    /// Whether the content is said to be JSON, once.
    private static func isPlainJSON(_ fields: Fields) -> Bool {
        var hasParameters = false
        let isJSON = fields.withOnly(.contentType) { value in
            hasParameters = value.holds(UInt8(ascii: ";"))
            return MediaType.essence(of: value, is: "application/json")
        }
        return isJSON && (!hasParameters || isPlainUTF8(fields))
    }

    /// Whether the media type names no other charset than UTF-8 (RFC 8259 §8.1).
    private static func isPlainUTF8(_ fields: Fields) -> Bool {
        guard let type = fields.bytes(of: .contentType).flatMap({ MediaType($0) }) else {
            return false
        }
        return type.parameter("charset").map { $0.lowercased() == "utf-8" } ?? true
    }
}
