/// The signature algorithms of RFC 7518 §3.1 and RFC 8037 §3.1 that are spoken here; no symmetric
/// one and not `none`.
package enum SignatureAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// ECDSA on P-256 with SHA-256; the signature is r and s, 32 bytes each (RFC 7518 §3.4).
    case es256 = "ES256"
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3).
    case rs256 = "RS256"
    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes (RFC 7518 §3.5).
    case ps256 = "PS256"
    /// Ed25519 (RFC 8037 §3.1).
    case eddsa = "EdDSA"
}
