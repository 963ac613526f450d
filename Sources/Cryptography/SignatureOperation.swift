import COpenSSL

/// One signature made or checked: owns the digest context and frees it.
@safe struct SignatureOperation: ~Copyable {
    private let context: OpaquePointer

    init() {
        guard let context = unsafe EVP_MD_CTX_new() else {
            preconditionFailure("out of memory for a digest context")
        }
        unsafe self.context = context
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
    }

    func beginVerification(_ key: OpenSSLObject, _ algorithm: SignatureAlgorithm) -> Bool {
        var keyContext: OpaquePointer? = nil
        // Ed25519 hashes by itself (RFC 8032 §5.1), so it takes no digest.
        let done =
            algorithm == .eddsa
            ? unsafe EVP_DigestVerifyInit(context, &keyContext, nil, nil, key.pointer)
            : unsafe EVP_DigestVerifyInit(
                context, &keyContext, DigestMethod.sha256.pointer, nil, key.pointer)
        return unsafe done == 1 && Self.setPadding(keyContext, algorithm)
    }

    func beginSigning(_ key: OpenSSLObject, _ algorithm: SignatureAlgorithm) -> Bool {
        var keyContext: OpaquePointer? = nil
        let done =
            algorithm == .eddsa
            ? unsafe EVP_DigestSignInit(context, &keyContext, nil, nil, key.pointer)
            : unsafe EVP_DigestSignInit(
                context, &keyContext, DigestMethod.sha256.pointer, nil, key.pointer)
        return unsafe done == 1 && Self.setPadding(keyContext, algorithm)
    }

    func verify(_ signature: [UInt8], of message: ArraySlice<UInt8>) -> Bool {
        guard !signature.isEmpty else { return false }
        return unsafe message.withUnsafeBufferPointer { message in
            unsafe EVP_DigestVerify(
                context, signature, signature.count, message.baseAddress, message.count) == 1
        }
    }

    func sign(_ message: ArraySlice<UInt8>) -> [UInt8]? {
        unsafe message.withUnsafeBufferPointer { message in
            var length = 0
            guard
                unsafe EVP_DigestSign(context, nil, &length, message.baseAddress, message.count)
                    == 1
            else { return nil }
            var signature = [UInt8](repeating: 0, count: length)
            guard
                unsafe EVP_DigestSign(
                    context, &signature, &length, message.baseAddress, message.count) == 1
            else { return nil }
            return Array(signature.prefix(length))
        }
    }

    /// RFC 7518 §3.3 and §3.5; said for RS256 too, so that a default of the library decides
    /// nothing.
    private static func setPadding(
        _ context: OpaquePointer?, _ algorithm: SignatureAlgorithm
    ) -> Bool {
        switch algorithm {
        case .es256, .eddsa:
            true
        case .rs256:
            unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1
        case .ps256:
            unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1
                && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, 32) == 1
                && EVP_PKEY_CTX_set_rsa_mgf1_md(context, DigestMethod.sha256.pointer) == 1
        }
    }
}
