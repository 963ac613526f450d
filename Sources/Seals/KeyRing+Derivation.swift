package import Cryptography

extension KeyRing {
    /// `func derivedKeys(for purpose: DerivedKeyPurpose) -> [SecretBytes]`: one key of 32 bytes for
    /// each root key, the newest first; make with the first, accept what any of them made.
    ///
    /// Keys of different purposes are unrelated, and none gives away its root key (RFC 5869).
    package func derivedKeys(for purpose: DerivedKeyPurpose) -> [SecretBytes] {
        keys.map { $0.derivedKey(for: purpose) }
    }
}
