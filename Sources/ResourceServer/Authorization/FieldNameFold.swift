import HTTP

/// Compares field names as the most careless reader would: CGI and its kin turn every byte that is
/// no letter or digit into `_`, so `X_Forwarded.User` and `X-Forwarded-User` become one.
enum FieldNameFold {
    /// Whether the name folds to the literal, which is in lower case with dashes.
    static func equal(_ name: ArraySlice<UInt8>, _ literal: String) -> Bool {
        name.count == literal.utf8.count && hasPrefix(name, literal)
    }

    /// Whether the name folds to something that begins with the literal.
    static func hasPrefix(_ name: ArraySlice<UInt8>, _ literal: String) -> Bool {
        guard name.count >= literal.utf8.count else { return false }
        return zip(name, literal.utf8).allSatisfy { folded($0) == $1 }
    }

    private static func folded(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0x41...0x5A: byte | 0x20
        case 0x61...0x7A, 0x30...0x39: byte
        default: UInt8(ascii: "-")
        }
    }
}
