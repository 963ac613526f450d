/// The numbers of a public key, as a JWK holds them (RFC 7518 §6, RFC 8037 §2).
package enum PublicKeyComponents: Sendable, Hashable {
    /// A point on P-256: two coordinates of exactly 32 bytes.
    case p256(x: [UInt8], y: [UInt8])
    /// An RSA key: big-endian numbers without leading zero bytes.
    case rsa(modulus: [UInt8], exponent: [UInt8])
    /// An Ed25519 key of exactly 32 bytes.
    case ed25519([UInt8])

    /// Whether a key of this kind can make signatures of `algorithm`.
    package func fits(_ algorithm: SignatureAlgorithm) -> Bool {
        switch (self, algorithm) {
        case (.p256, .es256), (.rsa, .rs256), (.rsa, .ps256), (.ed25519, .eddsa): true
        case (.p256, _), (.rsa, _), (.ed25519, _): false
        }
    }
}

/// Why the numbers of a public key do not make a key that is used here.
package enum PublicKeyViolation: Error, Sendable, Equatable, CaseIterable {
    /// A coordinate of a P-256 point, or an Ed25519 key, is not exactly 32 bytes (RFC 7518
    /// §6.2.1.2, RFC 8037 §2).
    case wrongLength
    /// The coordinates are not those of a point on P-256.
    case notOnCurve
    /// An RSA number has leading zero bytes (RFC 7518 §2) or is empty.
    case numberNotMinimal
    /// The RSA modulus is not of 2048...8192 bits (RFC 7518 §3.3; the upper limit bounds the work),
    /// or it is even.
    case modulusOutOfRange
    /// The RSA exponent is even, less than 3, or longer than 32 bits.
    case exponentOutOfRange
    /// OpenSSL does not take the key.
    case unusable
}
