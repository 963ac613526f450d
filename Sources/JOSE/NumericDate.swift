/// A `NumericDate` (RFC 7519 §2): seconds since 1970-01-01T00:00:00Z, perhaps with a fraction.
///
/// Decimal digits with an optional fraction of at most 9 digits are taken, up to the end of the
/// year 9999. A sign and an exponent, which RFC 8259 would allow, are refused: no issuer writes
/// them, and they make a date hard to bound.
struct NumericDate: Equatable {
    /// The seconds with the fraction dropped.
    let floor: Int64
    /// The seconds, one more if there was a fraction.
    let ceiling: Int64

    private static let latest: Int64 = 253_402_300_799

    init?(_ digits: ArraySlice<UInt8>) {
        let whole = digits.prefix { $0 != UInt8(ascii: ".") }
        let fraction = digits.dropFirst(whole.count).dropFirst()
        guard (1...12).contains(whole.count), fraction.count <= 9 else { return nil }
        var seconds: Int64 = 0
        for digit in whole {
            guard (0x30...0x39).contains(digit) else { return nil }
            seconds = seconds * 10 + Int64(digit - 0x30)
        }
        guard fraction.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        guard seconds < Self.latest else { return nil }
        floor = seconds
        ceiling = fraction.contains { $0 != 0x30 } ? seconds + 1 : seconds
    }
}
