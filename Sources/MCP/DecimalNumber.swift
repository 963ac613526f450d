/// A number as it was written, by its exact value: 42, 42.0 and 4.2e1 are equal, and no digit is lost
/// however many there are.
struct DecimalNumber: Equatable {
    /// An exponent with more digits than this is none that a value has.
    private static let longestExponent = 9

    private var isNegative = false
    /// The digits without zeros at either end; none for zero.
    private var digits: [UInt8] = []
    /// The power of ten of the last digit; 0 for zero.
    private var exponent = 0

    /// Reads a number by the grammar of RFC 8259 §6; nil if the text is none.
    init?(_ text: ArraySlice<UInt8>, allowsExponent: Bool) {
        var rest = text
        isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest.removeFirst() }
        let whole = rest.prefix { $0.isDigit }
        rest = rest.dropFirst(whole.count)
        guard !whole.isEmpty, whole.count == 1 || whole.first != UInt8(ascii: "0") else {
            return nil
        }
        var fraction: ArraySlice<UInt8> = []
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix { $0.isDigit }
            guard !fraction.isEmpty else { return nil }
            rest = rest.dropFirst(fraction.count + 1)
        }
        if !rest.isEmpty {
            guard allowsExponent, let power = Self.power(rest) else { return nil }
            exponent = power
        }
        digits = Array(whole + fraction)
        exponent -= fraction.count
        normalize()
    }

    /// The power of ten in `e+2`.
    private static func power(_ text: ArraySlice<UInt8>) -> Int? {
        guard let mark = text.first, mark | 0x20 == UInt8(ascii: "e") else { return nil }
        var rest = text.dropFirst()
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        guard !rest.isEmpty, rest.count <= longestExponent, rest.allSatisfy(\.isDigit) else {
            return nil
        }
        let value = rest.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return isNegative ? -value : value
    }

    private mutating func normalize() {
        digits = Array(digits.drop { $0 == UInt8(ascii: "0") })
        while digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            exponent += 1
        }
        guard digits.isEmpty else { return }
        exponent = 0
        isNegative = false
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
}
