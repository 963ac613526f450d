import COpenSSL

/// AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits in front of the text and the tag
/// behind it.
///
/// Two seals of the same bytes differ. One key may make at most 2^32 seals; ours make a handful.
package struct AESGCM: Sendable {
    private let key: SecretBytes

    /// - Parameter key: exactly 32 bytes.
    package init(key: SecretBytes) {
        precondition(key.bytes.count == 32, "AES-256-GCM takes a key of 32 bytes")
        self.key = key
    }

    /// Nonce (12 bytes), ciphertext, tag (16 bytes).
    package func seal(_ plaintext: [UInt8], associatedData: [UInt8]) -> [UInt8] {
        let nonce = randomBytes(12)
        let operation = CipherOperation()
        guard
            operation.begin(CipherMethod.aes256GCM, key: key.bytes, nonce: nonce, encrypting: true),
            operation.associate(associatedData),
            let ciphertext = operation.transform(plaintext),
            operation.finish(), let tag = operation.tag()
        else { preconditionFailure("sealing bytes in memory cannot fail") }
        return nonce + ciphertext + tag
    }

    /// The plaintext, or nil if key, associated data or any bit of the seal is another.
    package func open(_ sealed: [UInt8], associatedData: [UInt8]) -> [UInt8]? {
        guard sealed.count >= 12 + 16 else { return nil }
        let operation = CipherOperation()
        guard
            operation.begin(
                CipherMethod.aes256GCM, key: key.bytes, nonce: Array(sealed.prefix(12)),
                encrypting: false),
            operation.expect(tag: Array(sealed.suffix(16))),
            operation.associate(associatedData),
            let plaintext = operation.transform(Array(sealed.dropFirst(12).dropLast(16))),
            operation.finish()
        else {
            ERR_clear_error()
            return nil
        }
        return plaintext
    }
}
