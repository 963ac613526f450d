import COpenSSL

/// A private key and the one algorithm it signs with; usable from several threads at once.
package final class SigningKey: Sendable, CustomStringConvertible {
    /// The algorithm of all signatures by this key (RFC 8725 §3.1: one key, one algorithm).
    package let algorithm: SignatureAlgorithm
    /// The public half.
    package let verificationKey: VerificationKey
    private let key: OpenSSLObject

    /// The size of RSA keys that are made here, in bits.
    package static let generatedModulusBits: Int32 = 3072

    /// Makes a new key.
    ///
    /// Takes milliseconds for P-256 and Ed25519 and up to a second or more for RSA: not for an
    /// event loop.
    ///
    /// - Throws: `CryptographyError` if OpenSSL fails.
    package static func generate(
        _ algorithm: SignatureAlgorithm
    ) throws(CryptographyError) -> SigningKey {
        let attempt = "make an \(algorithm.rawValue) key"
        let context = unsafe EVP_PKEY_CTX_new_from_name(nil, kind(of: algorithm), nil)
        guard let context = unsafe context else { throw CryptographyError(attempt) }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_keygen_init(context) == 1 else { throw CryptographyError(attempt) }
        let sized: Int32
        switch algorithm {
        case .es256: sized = unsafe EVP_PKEY_CTX_set_group_name(context, "P-256")
        case .rs256, .ps256:
            sized = unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, generatedModulusBits)
        case .eddsa: sized = 1
        }
        var made: OpaquePointer? = nil
        guard sized == 1, unsafe EVP_PKEY_generate(context, &made) == 1, let made = unsafe made
        else {
            throw CryptographyError(attempt)
        }
        return try unsafe SigningKey(owning: made, algorithm)
    }

    /// Reads a key from an unencrypted PKCS #8 `PrivateKeyInfo` (RFC 5208 §5) in DER.
    ///
    /// - Throws: `CryptographyError` unless `pkcs8` is exactly one key, of the kind that
    ///   `algorithm` takes, and its two halves belong together.
    package convenience init(
        pkcs8: SecretBytes, algorithm: SignatureAlgorithm
    ) throws(CryptographyError) {
        let attempt = "read an \(algorithm.rawValue) key"
        let decoded = unsafe pkcs8.bytes.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var position = buffer.baseAddress
            guard let info = unsafe d2i_PKCS8_PRIV_KEY_INFO(nil, &position, buffer.count) else {
                return nil
            }
            defer { unsafe PKCS8_PRIV_KEY_INFO_free(info) }
            guard let end = unsafe buffer.baseAddress?.advanced(by: buffer.count),
                unsafe position == end
            else { return nil }
            return unsafe EVP_PKCS82PKEY(info)
        }
        guard let decoded = unsafe decoded else { throw CryptographyError(attempt) }
        try unsafe self.init(owning: decoded, algorithm)
        // A PKCS #8 key has a public half of its own, which may belong to another private one.
        let probe: ArraySlice<UInt8> = [0]
        guard verificationKey.isValid(try signature(of: probe), of: probe, by: algorithm) else {
            throw CryptographyError(attempt, cause: "its public half is of another key")
        }
    }

    /// Takes over `key` and frees it, also when it throws.
    private init(
        owning key: OpaquePointer, _ algorithm: SignatureAlgorithm
    ) throws(CryptographyError) {
        let attempt = "use an \(algorithm.rawValue) key"
        guard let components = unsafe Self.components(of: key, algorithm) else {
            unsafe EVP_PKEY_free(key)
            throw CryptographyError(attempt)
        }
        do {
            verificationKey = try VerificationKey(components)
        } catch {
            unsafe EVP_PKEY_free(key)
            throw CryptographyError(attempt, cause: "its public half is refused: \(error)")
        }
        self.algorithm = algorithm
        self.key = unsafe OpenSSLObject(key)
    }

    deinit {
        unsafe EVP_PKEY_free(key.pointer)
    }

    /// The key's signature of `message`; for ES256 the 64 bytes of r and s (RFC 7518 §3.4).
    ///
    /// - Throws: `CryptographyError` if OpenSSL fails.
    package func signature(of message: ArraySlice<UInt8>) throws(CryptographyError) -> [UInt8] {
        let attempt = "sign with an \(algorithm.rawValue) key"
        let operation = SignatureOperation()
        guard operation.beginSigning(key, algorithm), let signature = operation.sign(message) else {
            throw CryptographyError(attempt)
        }
        guard algorithm == .es256 else { return signature }
        guard let raw = ECDSASignature.raw(fromEncoded: signature) else {
            throw CryptographyError(attempt, cause: "the signature is not of the DER form")
        }
        return raw
    }

    /// The key as an unencrypted PKCS #8 `PrivateKeyInfo` in DER: a secret.
    ///
    /// - Throws: `CryptographyError` if OpenSSL fails.
    package func pkcs8() throws(CryptographyError) -> SecretBytes {
        let attempt = "write an \(algorithm.rawValue) key"
        guard let info = unsafe EVP_PKEY2PKCS8(key.pointer) else {
            throw CryptographyError(attempt)
        }
        defer { unsafe PKCS8_PRIV_KEY_INFO_free(info) }
        let length = unsafe i2d_PKCS8_PRIV_KEY_INFO(info, nil)
        guard length > 0 else { throw CryptographyError(attempt) }
        var bytes = [UInt8](repeating: 0, count: Int(length))
        let written = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            var position = buffer.baseAddress
            return unsafe i2d_PKCS8_PRIV_KEY_INFO(info, &position)
        }
        guard written == length else { throw CryptographyError(attempt) }
        return SecretBytes(bytes)
    }

    package var description: String { "(a secret \(algorithm.rawValue) key)" }

    private static func kind(of algorithm: SignatureAlgorithm) -> String {
        switch algorithm {
        case .es256: "EC"
        case .rs256, .ps256: "RSA"
        case .eddsa: "ED25519"
        }
    }

    /// The public numbers of a key of the kind that `algorithm` takes, or nil.
    private static func components(
        of key: OpaquePointer, _ algorithm: SignatureAlgorithm
    ) -> PublicKeyComponents? {
        guard unsafe EVP_PKEY_is_a(key, kind(of: algorithm)) == 1 else { return nil }
        switch algorithm {
        case .es256:
            // A point of another curve does not fit, or is refused as a point of P-256.
            guard let x = unsafe number(OSSL_PKEY_PARAM_EC_PUB_X, of: key, width: 32),
                let y = unsafe number(OSSL_PKEY_PARAM_EC_PUB_Y, of: key, width: 32)
            else { return nil }
            return .p256(x: x, y: y)
        case .rs256, .ps256:
            guard let modulus = unsafe number(OSSL_PKEY_PARAM_RSA_N, of: key, width: nil),
                let exponent = unsafe number(OSSL_PKEY_PARAM_RSA_E, of: key, width: nil)
            else { return nil }
            return .rsa(modulus: modulus, exponent: exponent)
        case .eddsa:
            var bytes = [UInt8](repeating: 0, count: 32)
            var length = 32
            guard unsafe EVP_PKEY_get_raw_public_key(key, &bytes, &length) == 1, length == 32 else {
                return nil
            }
            return .ed25519(bytes)
        }
    }

    /// A number of the key, big-endian; padded to `width` bytes, or of the least length.
    private static func number(_ name: String, of key: OpaquePointer, width: Int?) -> [UInt8]? {
        var number: OpaquePointer? = nil
        guard unsafe EVP_PKEY_get_bn_param(key, name, &number) == 1, let number = unsafe number
        else {
            return nil
        }
        defer { unsafe BN_free(number) }
        let count = unsafe width ?? (Int(BN_num_bits(number)) + 7) / 8
        var bytes = [UInt8](repeating: 0, count: count)
        return unsafe BN_bn2binpad(number, &bytes, Int32(count)) == Int32(count) ? bytes : nil
    }
}
