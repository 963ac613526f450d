import COpenSSL

/// Ciphers, fetched once per process.
enum CipherMethod {
    static let aes256GCM = fetch("AES-256-GCM")
    static let aes128SIV = fetch("AES-128-SIV")
    static let aes256SIV = fetch("AES-256-SIV")

    private static func fetch(_ name: String) -> OpenSSLObject {
        guard let method = unsafe EVP_CIPHER_fetch(nil, name, nil) else {
            preconditionFailure("this OpenSSL has no \(name)")
        }
        return unsafe OpenSSLObject(method)
    }
}

/// One use of a cipher: owns the context and frees it, keys included.
@safe struct CipherOperation: ~Copyable {
    private let context: OpaquePointer

    init() {
        guard let context = unsafe EVP_CIPHER_CTX_new() else {
            preconditionFailure("out of memory for a cipher context")
        }
        unsafe self.context = context
    }

    deinit {
        unsafe EVP_CIPHER_CTX_free(context)
    }

    /// Sets cipher, key, nonce (empty: none) and direction.
    func begin(_ method: OpenSSLObject, key: [UInt8], nonce: [UInt8], encrypting: Bool) -> Bool {
        let direction: Int32 = encrypting ? 1 : 0
        if nonce.isEmpty {
            return unsafe EVP_CipherInit_ex2(context, method.pointer, key, nil, direction, nil) == 1
        }
        return unsafe EVP_CipherInit_ex2(context, method.pointer, key, nonce, direction, nil) == 1
    }

    /// Adds one string of associated data; for SIV each call is one component, empty ones count.
    func associate(_ data: [UInt8]) -> Bool {
        var length: Int32 = 0
        let bytes = data.isEmpty ? [0] : data
        return unsafe EVP_CipherUpdate(context, nil, &length, bytes, Int32(data.count)) == 1
    }

    /// The text turned by the cipher, or nil if it does not authenticate (SIV tells here, GCM in
    /// `finish`).
    func transform(_ input: [UInt8]) -> [UInt8]? {
        var length: Int32 = 0
        var output = [UInt8](repeating: 0, count: input.count + 16)
        let bytes = input.isEmpty ? [0] : input
        guard unsafe EVP_CipherUpdate(context, &output, &length, bytes, Int32(input.count)) == 1
        else { return nil }
        guard Int(length) == input.count else { return nil }
        output.removeLast(16)
        return output
    }

    /// Ends the operation; false if the text does not authenticate.
    func finish() -> Bool {
        var length: Int32 = 0
        var rest = [UInt8](repeating: 0, count: 16)
        return unsafe EVP_CipherFinal_ex(context, &rest, &length) == 1 && length == 0
    }

    /// The 16-byte tag after an encryption.
    func tag() -> [UInt8]? {
        var tag = [UInt8](repeating: 0, count: 16)
        let done = unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, &tag)
        return done == 1 ? tag : nil
    }

    /// Gives the 16-byte tag to a decryption.
    func expect(tag: [UInt8]) -> Bool {
        var tag = tag
        return unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, 16, &tag) == 1
    }
}
