import JSON

/// A reader of JSON that is as plain as the grammar (RFC 8259), one byte after another.
///
/// It says yes or no; the module must say the same.
struct ReferenceReader {
    private let bytes: [UInt8]
    private let limits: JSONLimits
    private var position = 0

    private struct Refusal: Error {}

    private init(_ bytes: [UInt8], _ limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// Whether the text is one value in which no object has a name twice, within the limits.
    static func accepts(_ bytes: [UInt8], _ limits: JSONLimits) -> Bool {
        var reader = ReferenceReader(bytes, limits)
        do {
            try reader.value(depth: 0)
            return reader.position == bytes.count
        } catch {
            return false
        }
    }

    private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard self.byte == byte else { return false }
        position += 1
        return true
    }

    private mutating func space() {
        while let byte, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    private mutating func value(depth: Int) throws(Refusal) {
        space()
        switch byte {
        case UInt8(ascii: "{"): try object(depth: depth + 1)
        case UInt8(ascii: "["): try array(depth: depth + 1)
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: try number()
        }
        space()
    }

    private mutating func object(depth: Int) throws(Refusal) {
        guard depth <= limits.depth else { throw Refusal() }
        position += 1
        var names: Set<[UInt8]> = []
        space()
        if take(UInt8(ascii: "}")) { return }
        repeat {
            space()
            guard byte == UInt8(ascii: "\"") else { throw Refusal() }
            let name = try string()
            guard name.count <= limits.nameLength, names.insert(name).inserted else {
                throw Refusal()
            }
            guard names.count <= limits.members else { throw Refusal() }
            space()
            guard take(UInt8(ascii: ":")) else { throw Refusal() }
            try value(depth: depth)
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw Refusal() }
    }

    private mutating func array(depth: Int) throws(Refusal) {
        guard depth <= limits.depth else { throw Refusal() }
        position += 1
        space()
        if take(UInt8(ascii: "]")) { return }
        var count = 0
        repeat {
            count += 1
            guard count <= limits.members else { throw Refusal() }
            try value(depth: depth)
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw Refusal() }
    }

    private mutating func word(_ word: StaticString) throws(Refusal) {
        for letter in "\(word)".utf8 where !take(letter) { throw Refusal() }
    }

    private mutating func digits() throws(Refusal) {
        let start = position
        while let byte, 0x30...0x39 ~= byte { position += 1 }
        guard position > start else { throw Refusal() }
    }

    private mutating func number() throws(Refusal) {
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
    }

    /// The text of a string in UTF-8.
    private mutating func string() throws(Refusal) -> [UInt8] {
        position += 1
        var text: [UInt8] = []
        while let byte, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw Refusal() }
            position += 1
            if byte == UInt8(ascii: "\\") {
                text += try escape()
            } else {
                text.append(byte)
            }
        }
        guard take(UInt8(ascii: "\"")), String(validating: text, as: UTF8.self) != nil else {
            throw Refusal()
        }
        return text
    }

    private mutating func escape() throws(Refusal) -> [UInt8] {
        guard let letter = byte else { throw Refusal() }
        position += 1
        let meanings: [UInt8] = [0x22, 0x5C, 0x2F, 0x08, 0x0C, 0x0A, 0x0D, 0x09]
        let simple = zip("\"\\/bfnrt".utf8, meanings)
        if let found = simple.first(where: { $0.0 == letter }) { return [found.1] }
        guard letter == UInt8(ascii: "u") else { throw Refusal() }
        var code = try hexadecimal()
        if 0xD800..<0xDC00 ~= code {
            guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw Refusal() }
            let low = try hexadecimal()
            guard 0xDC00..<0xE000 ~= low else { throw Refusal() }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw Refusal() }
        return Array(String(scalar).utf8)
    }

    private mutating func hexadecimal() throws(Refusal) -> UInt32 {
        guard position + 4 <= bytes.count else { throw Refusal() }
        var code: UInt32 = 0
        for digit in bytes[position..<(position + 4)] {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else {
                throw Refusal()
            }
            code = code << 4 | UInt32(value)
        }
        position += 4
        return code
    }
}
