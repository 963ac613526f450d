package import Cryptography

/// A refresh token that we made: base64url of the grant's id (16 bytes), the generation (4 bytes,
/// big endian), a secret (32 bytes) and a tag (16 bytes); describing it never shows it.
///
/// Made by ``RefreshTokens`` and nobody else, so holding one is proof that its tag was checked.
package struct RefreshToken: Sendable, Equatable, CustomStringConvertible,
    CustomDebugStringConvertible, CustomReflectable
{
    /// The parts' lengths in bytes.
    static let grantIDLength = 16
    static let generationLength = 4
    static let secretLength = 32
    static let tagLength = 16
    /// The length of the whole in bytes, and as text in letters.
    static let length = grantIDLength + generationLength + secretLength + tagLength
    static let textLength = (length * 4 + 2) / 3

    /// What was encoded.
    let bytes: [UInt8]

    init(checked bytes: [UInt8]) {
        precondition(bytes.count == Self.length, "a refresh token has 68 bytes")
        self.bytes = bytes
    }

    /// The token as it travels: a secret.
    package var text: SecretBytes { SecretBytes(Base64URL.encodedBytes(bytes[...])) }

    /// The `gid` of the grant.
    package var grantID: String { Base64URL.encode(Array(bytes.prefix(Self.grantIDLength))) }

    /// How many tokens of the grant came before it.
    package var generation: UInt32 {
        bytes[Self.grantIDLength..<(Self.grantIDLength + Self.generationLength)]
            .reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// SHA-256 of the text: what the store keeps.
    package var digest: [UInt8] { sha256(text.bytes).bytes }

    package var description: String { "(a refresh token of generation \(generation))" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
