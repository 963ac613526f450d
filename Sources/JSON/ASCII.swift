/// The characters that JSON gives a meaning, by the names RFC 8259 has for them.
enum ASCII {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20
    static let quotationMark: UInt8 = 0x22
    static let plus: UInt8 = 0x2B
    static let comma: UInt8 = 0x2C
    static let minus: UInt8 = 0x2D
    static let decimalPoint: UInt8 = 0x2E
    static let zero: UInt8 = 0x30
    static let nine: UInt8 = 0x39
    static let colon: UInt8 = 0x3A
    static let beginArray: UInt8 = 0x5B
    static let backslash: UInt8 = 0x5C
    static let endArray: UInt8 = 0x5D
    static let beginObject: UInt8 = 0x7B
    static let endObject: UInt8 = 0x7D
}
