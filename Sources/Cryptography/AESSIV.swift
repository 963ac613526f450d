import COpenSSL

/// AES-SIV (RFC 5297): authenticated encryption without a nonce; the same bytes under the same data
/// give the same seal.
package struct AESSIV: Sendable {
    private let key: SecretBytes
    private let method: OpenSSLObject

    /// - Parameter key: 64 bytes for AES-256-SIV; 32 bytes for AES-128-SIV, which RFC 5297 has its
    ///   examples for.
    package init(key: SecretBytes) {
        precondition(
            key.bytes.count == 64 || key.bytes.count == 32, "AES-SIV takes a key of 64 or 32 bytes")
        self.key = key
        method = key.bytes.count == 64 ? CipherMethod.aes256SIV : CipherMethod.aes128SIV
    }

    /// The synthetic vector (16 bytes) and the ciphertext (RFC 5297 §2.6).
    ///
    /// The text has at least one byte. The components of the associated data are bound each apart,
    /// in order, so no joining of two can equal another pair.
    package func seal(_ plaintext: [UInt8], associatedData: [[UInt8]]) -> [UInt8] {
        precondition(!plaintext.isEmpty, "OpenSSL's SIV takes a text of at least one byte")
        let operation = CipherOperation()
        guard operation.begin(method, key: key.bytes, nonce: [], encrypting: true),
            associatedData.allSatisfy({ operation.associate($0) }),
            let ciphertext = operation.transform(plaintext),
            operation.finish(), let vector = operation.tag()
        else { preconditionFailure("sealing bytes in memory cannot fail") }
        return vector + ciphertext
    }

    /// The plaintext (RFC 5297 §2.7), or nil if key, associated data or any bit of the seal is
    /// another.
    package func open(_ sealed: [UInt8], associatedData: [[UInt8]]) -> [UInt8]? {
        guard sealed.count > 16 else { return nil }
        let operation = CipherOperation()
        guard operation.begin(method, key: key.bytes, nonce: [], encrypting: false),
            operation.expect(tag: Array(sealed.prefix(16))),
            associatedData.allSatisfy({ operation.associate($0) }),
            let plaintext = operation.transform(Array(sealed.dropFirst(16))),
            operation.finish()
        else {
            ERR_clear_error()
            return nil
        }
        return plaintext
    }
}
