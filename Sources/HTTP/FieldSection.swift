/// Reads field lines, RFC 9112 §5, for heads and trailers.
struct FieldSection<Violation: MessageViolation>: Sendable {
    private(set) var entries: [Fields.Entry] = []
    /// Whether a name that is not well-known has a byte other than letters, digits and `-`.
    private(set) var hasUnusualName = false
    private var size = 0
    private var count = 0

    /// Reads one field line, which lies at `line` of `bytes` and has no control byte but HTAB.
    ///
    /// - Throws: the deviation of the line, or `tooLarge` once all lines are longer than
    ///   `sizeLimit`.
    mutating func add(
        _ bytes: Span<UInt8>, _ line: Range<Int>, sizeLimit: Int, tooLarge: Violation,
        countLimit: Int
    ) throws(Violation) {
        count += 1
        if count > countLimit { throw .tooManyFields }
        size += line.count + 2
        if size > sizeLimit { throw tooLarge }

        let nameEnd = bytes.first(.colon, in: line)
        let name = bytes.extracting(line.lowerBound..<nameEnd)
        // A well-known name is a token, so only other names are looked at.
        let known = WellKnownField(matching: name)
        if known == nil || nameEnd == line.upperBound {
            try checkName(bytes, line)
            if name.hasUnusualNameByte { hasUnusualName = true }
        }
        var start = nameEnd + 1
        var end = line.upperBound
        // RFC 9112 §5.1 — whitespace around the value is no part of it.
        while start < end, bytes[start].isBlank { start += 1 }
        while end > start, bytes[end - 1].isBlank { end -= 1 }
        if entries.isEmpty { entries.reserveCapacity(16) }
        entries.append(
            Fields.Entry(
                nameStart: UInt32(line.lowerBound), nameEnd: UInt32(nameEnd),
                valueStart: UInt32(start), valueEnd: UInt32(end),
                known: known))
    }

    /// Hands over the lines, none of which are left here.
    mutating func takeEntries() -> [Fields.Entry] {
        var taken: [Fields.Entry] = []
        swap(&taken, &entries)
        return taken
    }

    /// Forgets the lines but not how many and how large they were: trailers are read for their
    /// grammar only.
    mutating func dropEntries() { entries.removeAll(keepingCapacity: true) }

    private func checkName(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(Violation) {
        var index = line.lowerBound
        while index < line.upperBound, bytes[index].isTokenByte { index += 1 }
        guard index < line.upperBound, bytes[index] == .colon, index > line.lowerBound else {
            throw nameDeviation(bytes, line, at: index)
        }
    }

    private func nameDeviation(
        _ bytes: Span<UInt8>, _ line: Range<Int>, at index: Int
    ) -> Violation {
        guard index < line.upperBound else { return .fieldLineWithoutColon }
        if index == line.lowerBound {
            if bytes[index] == .colon { return .fieldNameEmpty }
            if bytes[index].isBlank {
                // RFC 9112 §2.2 — whitespace between start line and first field: reject.
                // RFC 9112 §5.2 — obs-fold in a message that is not message/http: reject.
                return count == 1 ? .whitespaceBeforeFirstField : .obsoleteLineFolding
            }
        }
        var next = index
        while next < line.upperBound, bytes[next].isBlank { next += 1 }
        // RFC 9112 §5.1 — no whitespace is allowed between name and colon; a server MUST reject it.
        if next > index, next < line.upperBound, bytes[next] == .colon {
            return .whitespaceBeforeColon
        }
        return .fieldNameInvalid
    }
}

extension Span<UInt8> {
    fileprivate var hasUnusualNameByte: Bool {
        for index in indices {
            let byte = self[index]
            if !byte.isLetter, !byte.isDigit, byte != UInt8(ascii: "-") { return true }
        }
        return false
    }
}
