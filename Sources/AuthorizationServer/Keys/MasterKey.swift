package import Cryptography

/// The key that seals other keys where they are stored; it comes from a file beside the
/// configuration, never from the store.
package struct MasterKey: Sendable {
    private let cipher: AESGCM

    /// The key of 64 hexadecimal digits, as `openssl rand -hex 32` prints them, with at most one
    /// line feed behind.
    ///
    /// Nil for any other text.
    package init?(hexadecimal text: SecretBytes) {
        var digits = text.bytes[...]
        if digits.last == UInt8(ascii: "\n") { digits = digits.dropLast() }
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in digits {
            guard let value = Self.value(of: digit) else { return nil }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        self.init(SecretBytes(bytes))
    }

    /// A key of 32 bytes.
    package init(_ bytes: SecretBytes) {
        precondition(bytes.bytes.count == 32, "a master key has 32 bytes")
        let info = Array("gatehouse keys at rest v1".utf8)
        cipher = AESGCM(
            key: SecretBytes(hkdfSHA256(secret: bytes.bytes, info: info, count: 32)))
    }

    /// The seal of a secret that only its own row can be opened with: `kind` names the table, `row`
    /// the id in it.
    func seal(_ secret: SecretBytes, kind: String, row: String) -> [UInt8] {
        cipher.seal(secret.bytes, associatedData: Self.place(kind, row))
    }

    /// The secret, or nil if the seal is of another key, another row, or damaged.
    func open(_ sealed: [UInt8], kind: String, row: String) -> SecretBytes? {
        cipher.open(sealed, associatedData: Self.place(kind, row)).map(SecretBytes.init)
    }

    /// No kind has a NUL, so that no two places are written alike.
    private static func place(_ kind: String, _ row: String) -> [UInt8] {
        Array(kind.utf8) + [0] + Array(row.utf8)
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x41 + 10
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }
}
