import ResourceServer

// Members of a line, each with the comma before it; what is nil is left out.
extension LogEncoding {
    /// The longest text member, in bytes before escaping.
    static let textLimit = 256

    /// Appends a text of unknown origin; `name` has its punctuation: `,"server":`.
    @inline(__always)
    static func append(
        _ name: StaticString, _ text: LogText?, to line: inout OutputSpan<UInt8>
    ) {
        guard let text else { return }
        append(name, to: &line)
        append(quoted: text, limit: textLimit, to: &line)
    }

    /// Appends a string.
    @inline(__always)
    static func append(
        _ name: StaticString, _ text: String?, to line: inout OutputSpan<UInt8>
    ) {
        guard let text else { return }
        append(name, to: &line)
        append(quoted: text, limit: textLimit, to: &line)
    }

    /// Appends a literal of ours, which needs no escape.
    @inline(__always)
    static func append(
        _ name: StaticString, literal: StaticString?, to line: inout OutputSpan<UInt8>
    ) {
        guard let literal else { return }
        append(name, to: &line)
        line.append(UInt8(ascii: "\""))
        append(literal, to: &line)
        line.append(UInt8(ascii: "\""))
    }

    /// Appends a number.
    @inline(__always)
    static func append(
        _ name: StaticString, _ number: Int?, to line: inout OutputSpan<UInt8>
    ) {
        guard let number else { return }
        append(name, to: &line)
        append(number, to: &line)
    }

    /// The members that name a principal; made once for a token, since every line of it has them.
    static func members(of principal: Principal) -> [UInt8] {
        let room = 3 * (quotedLength(limit: textLimit) + ",\"client_id\":".utf8.count)
        var text: [UInt8] = []
        text.append(addingCapacity: room) { line in
            append(",\"issuer\":", principal.issuer, to: &line)
            append(",\"subject\":", principal.subject, to: &line)
            append(",\"client_id\":", principal.clientID, to: &line)
        }
        // It is kept as long as the token: without the room that is left.
        var kept: [UInt8] = []
        kept.reserveCapacity(text.count)
        kept += text
        return kept
    }
}
