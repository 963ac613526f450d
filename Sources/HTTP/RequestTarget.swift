/// A request target in origin-form, RFC 9112 §3.2.1: path and query as they came, nothing decoded.
///
/// The gateway matches paths byte for byte, so that a path with a second reading matches nothing.
package struct RequestTarget: Sendable, Hashable {
    /// The path, which begins with `/`; `*` in the asterisk-form.
    package let path: String
    /// What follows the first `?`; nil without a `?`.
    package let query: String?

    /// Tells path and query apart.
    package init(_ target: String) {
        guard let mark = target.utf8.firstIndex(of: .questionMark) else {
            self.path = target
            self.query = nil
            return
        }
        self.path = String(target[..<mark])
        // By bytes: a mark on the `?` (Unicode) would go with it.
        self.query = String(target[target.utf8.index(after: mark)...])
    }

    /// Whether another reader may take the path for a different one.
    ///
    /// True for dot segments, empty segments, path parameters, fragments, backslashes, control
    /// bytes, and for all of these and unreserved characters percent-encoded, also where a query
    /// would begin: RFC 3986 §6.2.2 lets recipients remove them, and who decodes a path twice, or
    /// before it is split, takes `/..%3Bx` for `/..`.
    package var isAmbiguous: Bool { Self.isAmbiguous(Array(path.utf8)[...]) }

    /// The same for the bytes of a path.
    package static func isAmbiguous(_ path: ArraySlice<UInt8>) -> Bool {
        guard path.first == .slash else { return true }
        let segments = path.dropFirst().split(separator: .slash, omittingEmptySubsequences: false)
        return segments.enumerated().contains { index, segment in
            if segment.isEmpty { return index < segments.count - 1 }
            return segment.elementsEqual([0x2E]) || segment.elementsEqual([0x2E, 0x2E])
                || hasSecondSpelling(segment)
        }
    }

    private static func hasSecondSpelling(_ segment: ArraySlice<UInt8>) -> Bool {
        var index = segment.startIndex
        while index < segment.endIndex {
            let byte = segment[index]
            if isSeparator(byte) || byte < 0x20 || byte == 0x7F { return true }
            if byte == .percent {
                guard index + 2 < segment.endIndex, let high = segment[index + 1].hexDigitValue,
                    let low = segment[index + 2].hexDigitValue
                else { return true }
                let decoded = high << 4 | low
                if decoded.isUnreserved || decoded < 0x20 || decoded == 0x7F
                    || isSeparator(decoded) || decoded == .percent
                {
                    return true
                }
                index += 2
            }
            index += 1
        }
        return false
    }

    /// Whether a segment, or the whole path, ends before the byte to some readers.
    private static func isSeparator(_ byte: UInt8) -> Bool {
        [.slash, .backslash, .semicolon, .questionMark, UInt8(ascii: "#")].contains(byte)
    }
}
