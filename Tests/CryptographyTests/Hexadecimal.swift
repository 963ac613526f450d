/// The bytes that pairs of hexadecimal digits spell; white space is skipped.
func hex(_ text: String) -> [UInt8] {
    let digits = text.compactMap { $0.hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2).map { index in
        UInt8(digits[index] * 16 + digits[index + 1])
    }
}
