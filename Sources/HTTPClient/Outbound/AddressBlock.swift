import Transport

/// A block of IPv4 or IPv6 addresses, RFC 4632 §3.1 and RFC 4291 §2.3.
package struct AddressBlock: Sendable, Hashable, CustomStringConvertible {
    /// The first address, in network order: 4 or 16 bytes.
    private let first: [UInt8]
    /// The bits that all its addresses have in common.
    private let prefixLength: Int
    private let text: String

    /// A block, or nil where the text is not an address, `/` and a prefix length, or has a bit set
    /// beyond that length.
    package init?(_ text: String) {
        guard let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")),
            let address = SocketAddress(literal: String(text[..<slash]), port: 0),
            let length = Self.number(text[text.index(after: slash)...])
        else { return nil }
        let bytes = address.bytes
        guard length <= bytes.count * 8, Self.isClear(bytes, from: length) else { return nil }
        first = bytes
        prefixLength = length
        self.text = text
    }

    /// Whether the address, of 4 or 16 bytes, lies in the block; never where one is IPv4 and the
    /// other IPv6.
    package func contains(_ address: [UInt8]) -> Bool {
        guard address.count == first.count else { return false }
        let difference = zip(address, first).map { $0 ^ $1 }
        let whole = prefixLength / 8
        guard difference[..<whole].allSatisfy({ $0 == 0 }) else { return false }
        let rest = prefixLength % 8
        return rest == 0 || difference[whole] >> (8 - rest) == 0
    }

    package var description: String { text }

    private static func number(_ digits: Substring) -> Int? {
        guard 1...3 ~= digits.utf8.count, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            digits.utf8.first != UInt8(ascii: "0") || digits.utf8.count == 1
        else { return nil }
        return Int(digits)
    }

    private static func isClear(_ bytes: [UInt8], from length: Int) -> Bool {
        (length..<bytes.count * 8).allSatisfy { bytes[$0 / 8] & (0x80 >> UInt8($0 % 8)) == 0 }
    }
}
