import HTTP

/// A reader as they exist in the field: it guesses where it should refuse.
///
/// Each property is a guess that some deployed server or library makes.
struct LenientReader {
    /// Lines end at LF too, at CR too, or at CRLF only.
    enum LineEnd: CaseIterable { case crlf, lf, crOrLF }
    /// Which of several fields counts.
    enum Pick: CaseIterable { case first, last }
    /// How numbers are read.
    enum Numbers: CaseIterable { case leadingDigits, likeC }
    /// What is done with a field line that begins with whitespace.
    enum Fold: CaseIterable { case joined, ownField }

    var lineEnd: LineEnd
    var pick: Pick
    var numbers: Numbers
    var fold: Fold
    /// Content-Length wins over Transfer-Encoding.
    var lengthWins: Bool
    /// `_` in a name is `-`, and whitespace around it is dropped.
    var foldsNames: Bool
    /// Values end at a NUL.
    var endsAtNUL: Bool
    /// The parts of the request line are separated by any whitespace.
    var anyWhitespace: Bool

    /// A small set in which each guess occurs with each other one at least once.
    static let all: [LenientReader] = (0..<64).map { bits in
        LenientReader(
            lineEnd: LineEnd.allCases[bits % 3], pick: Pick.allCases[bits & 1],
            numbers: Numbers.allCases[bits >> 1 & 1], fold: Fold.allCases[bits >> 2 & 1],
            lengthWins: bits >> 3 & 1 == 1, foldsNames: bits >> 4 & 1 == 1,
            endsAtNUL: bits >> 5 & 1 == 1, anyWhitespace: (bits ^ bits >> 3) & 1 == 1)
    }

    /// What matters to a decision: what is asked for, of whom, by whom, with which content.
    struct Message: Equatable {
        var method = ""
        var target = ""
        var host = ""
        var authorization = ""
        var content: [UInt8] = []
    }

    /// Reads as many messages as there are.
    func messages(_ bytes: [UInt8]) -> [Message] {
        var rest = bytes[...]
        var found: [Message] = []
        while rest.starts(with: [13, 10]) { rest = rest.dropFirst(2) }
        while !rest.isEmpty, found.count < 20 {
            found.append(message(&rest))
            while rest.starts(with: [13, 10]) { rest = rest.dropFirst(2) }
        }
        return found
    }

    private func message(_ rest: inout ArraySlice<UInt8>) -> Message {
        var message = Message()
        let parts = line(&rest).split(
            maxSplits: anyWhitespace ? .max : 2, omittingEmptySubsequences: anyWhitespace
        ) { $0 == 0x20 || anyWhitespace && (9...13).contains($0) }
        message.method = text(parts.first)
        message.target = text(parts.dropFirst().first)
        let fields = fields(&rest)
        message.host = value("host", fields) ?? ""
        message.authorization = value("authorization", fields) ?? ""
        let length = value("content-length", fields)
        let coding = value("transfer-encoding", fields)
        if let coding, coding.lowercased().contains("chunked"), !(lengthWins && length != nil) {
            message.content = chunks(&rest)
        } else {
            let count = min(rest.count, max(0, number(length ?? "", radix: 10)))
            message.content = Array(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return message
    }

    private func fields(_ rest: inout ArraySlice<UInt8>) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        while !rest.isEmpty {
            let line = line(&rest)
            if line.isEmpty { break }
            if let first = line.first, first == 0x20 || first == 9, fold == .joined,
                let last = fields.popLast()
            {
                fields.append((last.name, last.value + text(line)))
                continue
            }
            let colon = line.firstIndex(of: 0x3A) ?? line.endIndex
            var name = text(line[..<colon]).lowercased()
            if foldsNames {
                name = name.filter { !$0.isWhitespace }.replacing("_", with: "-")
            }
            var value = line[colon...].dropFirst()
            if endsAtNUL { value = value.prefix { $0 != 0 } }
            fields.append((name, text(value).trimmingBlanks))
        }
        return fields
    }

    private func value(_ name: String, _ fields: [(name: String, value: String)]) -> String? {
        pick == .first
            ? fields.first { $0.name == name }?.value : fields.last { $0.name == name }?.value
    }

    private func line(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var index = rest.startIndex
        while index < rest.endIndex {
            let isCRLF = rest[index] == 13 && index + 1 < rest.endIndex && rest[index + 1] == 10
            let isEnd =
                isCRLF || lineEnd != .crlf && rest[index] == 10
                || lineEnd == .crOrLF && rest[index] == 13
            if isEnd {
                defer { rest = rest[(index + (isCRLF ? 2 : 1))...] }
                return rest[..<index]
            }
            index += 1
        }
        defer { rest = [] }
        return rest
    }

    private func chunks(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
        var content: [UInt8] = []
        while !rest.isEmpty {
            let size = number(text(line(&rest)), radix: 16)
            if size <= 0 {
                _ = fields(&rest)
                break
            }
            content += rest.prefix(size)
            rest = rest.dropFirst(size)
            // It trusts that two bytes follow, whatever they are.
            rest = rest.dropFirst(2)
        }
        return content
    }

    private func number(_ text: String, radix: Int) -> Int {
        var digits = text.trimmingBlanks.lowercased()[...]
        var radix = radix
        if numbers == .likeC {
            if digits.hasPrefix("+") { digits = digits.dropFirst() }
            if digits.hasPrefix("0x") {
                digits = digits.dropFirst(2)
                radix = 16
            } else if digits.hasPrefix("0"), radix == 10 {
                radix = 8
            }
        }
        let leading = digits.prefix { $0.isASCII && $0.hexDigitValue.map { $0 < radix } ?? false }
        return leading.reduce(0) { ($0 &* radix &+ ($1.hexDigitValue ?? 0)) & 0xFFFF_FFFF }
    }

    private func text(_ bytes: ArraySlice<UInt8>?) -> String {
        var scalars = String.UnicodeScalarView()
        for byte in bytes ?? [] { scalars.append(Unicode.Scalar(byte)) }
        return String(scalars)
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        var slice = self[...]
        while slice.first == " " || slice.first == "\t" { slice.removeFirst() }
        while slice.last == " " || slice.last == "\t" { slice.removeLast() }
        return String(slice)
    }
}
