package import Cryptography
package import Seals

/// Makes refresh tokens, knows its own again, and derives their successors (RFC 9700 §4.14.2).
///
/// The successor follows from the presented token and a key of the ring alone, so that every
/// replica derives the same one.
package struct RefreshTokens: Sendable {
    private let tagKeys: [SecretBytes]
    private let successorKeys: [SecretBytes]

    /// Tokens by the keys of `ring`: the first one makes, every one is known again.
    package init(ring: KeyRing) {
        tagKeys = ring.derivedKeys(for: .refreshTag)
        successorKeys = ring.derivedKeys(for: .refreshSuccessor)
    }

    /// A new `gid`: base64url of 16 random bytes, without a `-` in front, which a command line would
    /// take for an option.
    package static func makeGrantID() -> String {
        while true {
            let id = Base64URL.encode(randomBytes(RefreshToken.grantIDLength))
            if !id.hasPrefix("-") { return id }
        }
    }

    /// The first token of a grant, with a random secret.
    ///
    /// - Precondition: the `gid` is base64url of 16 bytes.
    package func first(of grantID: String) -> RefreshToken {
        guard let id = Base64URL.decode(grantID), id.count == RefreshToken.grantIDLength,
            let key = tagKeys.first
        else { preconditionFailure("a gid is base64url of 16 bytes, and a ring has a key") }
        return Self.token(id, 0, randomBytes(RefreshToken.secretLength), key)
    }

    /// The token that a text spells; nil for every text that we did not make.
    package func token(in text: SecretBytes) -> RefreshToken? {
        guard text.bytes.count == RefreshToken.textLength,
            let bytes = Base64URL.decode(text.bytes), bytes.count == RefreshToken.length
        else { return nil }
        let content = Array(bytes.dropLast(RefreshToken.tagLength))
        let tag = Array(bytes.suffix(RefreshToken.tagLength))
        let isOurs = tagKeys.contains { constantTimeEqual(Self.tag(content, $0), tag) }
        return isOurs ? RefreshToken(checked: bytes) : nil
    }

    /// What may take the token's place: one candidate for each key of the ring, the newest key's
    /// first; none after the last generation that can be counted.
    package func successors(of token: RefreshToken) -> [RefreshToken] {
        let (generation, isPast) = token.generation.addingReportingOverflow(1)
        guard !isPast else { return [] }
        let id = Array(token.bytes.prefix(RefreshToken.grantIDLength))
        let info = Array("refresh".utf8) + id + Self.bigEndian(generation)
        return zip(successorKeys, tagKeys).map { key, tagKey in
            let secret = hkdfSHA256(
                secret: key.bytes, salt: token.bytes, info: info,
                count: RefreshToken.secretLength)
            return Self.token(id, generation, secret, tagKey)
        }
    }

    private static func token(
        _ id: [UInt8], _ generation: UInt32, _ secret: [UInt8], _ tagKey: SecretBytes
    ) -> RefreshToken {
        let content = id + bigEndian(generation) + secret
        return RefreshToken(checked: content + tag(content, tagKey))
    }

    /// HMAC-SHA-256, truncated to 128 bits (RFC 2104 §5).
    private static func tag(_ content: [UInt8], _ key: SecretBytes) -> [UInt8] {
        Array(hmacSHA256(key: key.bytes, content).prefix(RefreshToken.tagLength))
    }

    private static func bigEndian(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { (shift: UInt32) in UInt8(truncatingIfNeeded: number >> shift) }
    }
}
