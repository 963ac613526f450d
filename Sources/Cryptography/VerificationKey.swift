import COpenSSL

/// A public key that checks signatures; made from its numbers, and usable from several threads at
/// once.
package final class VerificationKey: Sendable {
    /// The numbers the key was made from.
    package let components: PublicKeyComponents
    private let key: OpenSSLObject

    /// The sizes of RSA keys that are taken, in bits.
    package static let modulusBits = 2048...8192

    /// Checks the numbers and makes the key.
    ///
    /// - Throws: the first deviation found; a point off the curve never becomes a key.
    package init(_ components: PublicKeyComponents) throws(PublicKeyViolation) {
        try Self.check(components)
        let encoded = Self.subjectPublicKeyInfo(components)
        let decoded = unsafe encoded.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var position = buffer.baseAddress
            return unsafe d2i_PUBKEY(nil, &position, buffer.count)
        }
        guard let decoded = unsafe decoded else {
            ERR_clear_error()
            if case .p256 = components { throw .notOnCurve }
            throw .unusable
        }
        self.components = components
        self.key = unsafe OpenSSLObject(decoded)
    }

    deinit {
        unsafe EVP_PKEY_free(key.pointer)
    }

    /// Whether `signature` is this key's signature of `message` by `algorithm`.
    ///
    /// False for an algorithm that the kind of the key does not fit and for a signature of any
    /// other length or form.
    package func isValid(
        _ signature: [UInt8], of message: ArraySlice<UInt8>, by algorithm: SignatureAlgorithm
    ) -> Bool {
        guard components.fits(algorithm) else { return false }
        switch algorithm {
        case .es256:
            guard let encoded = ECDSASignature.encoded(fromRaw: signature) else { return false }
            return verify(encoded, of: message, by: algorithm)
        case .rs256, .ps256, .eddsa:
            return verify(signature, of: message, by: algorithm)
        }
    }

    private func verify(
        _ signature: [UInt8], of message: ArraySlice<UInt8>, by algorithm: SignatureAlgorithm
    ) -> Bool {
        let operation = SignatureOperation()
        guard operation.beginVerification(key, algorithm) else {
            ERR_clear_error()
            return false
        }
        let valid = operation.verify(signature, of: message)
        if !valid { ERR_clear_error() }
        return valid
    }

    private static func check(_ components: PublicKeyComponents) throws(PublicKeyViolation) {
        switch components {
        case .p256(let x, let y):
            // RFC 7518 §6.2.1.2: the length of a coordinate is the full size of the curve.
            guard x.count == 32, y.count == 32 else { throw .wrongLength }
        case .ed25519(let bytes):
            guard bytes.count == 32 else { throw .wrongLength }
        case .rsa(let modulus, let exponent):
            guard let first = modulus.first, first != 0, let least = modulus.last,
                let top = exponent.first, top != 0, let low = exponent.last
            else { throw .numberNotMinimal }
            let bits = modulus.count * 8 - first.leadingZeroBitCount
            guard modulusBits.contains(bits), least & 1 == 1 else { throw .modulusOutOfRange }
            guard low & 1 == 1, exponent.count <= 4, exponent != [1] else {
                throw .exponentOutOfRange
            }
        }
    }

    /// RFC 5280 §4.1.2.7, with the algorithm identifiers of RFC 5480 §2.1.1, RFC 8410 §3 and RFC
    /// 3279 §2.3.1.
    private static func subjectPublicKeyInfo(_ components: PublicKeyComponents) -> [UInt8] {
        switch components {
        case .p256(let x, let y):
            let identifier: [UInt8] = [
                0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
                0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
            ]
            return DER.sequence(identifier, DER.bitString([0x04] + x + y))
        case .ed25519(let bytes):
            return DER.sequence([0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70], DER.bitString(bytes))
        case .rsa(let modulus, let exponent):
            let identifier: [UInt8] = [
                0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05,
                0x00,
            ]
            let key = DER.sequence(DER.integer(modulus[...]), DER.integer(exponent[...]))
            return DER.sequence(identifier, DER.bitString(key))
        }
    }
}
