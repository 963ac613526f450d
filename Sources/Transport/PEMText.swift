import COpenSSL

/// A text with certificates or a private key in PEM (RFC 7468).
struct PEMText {
    let bytes: [UInt8]

    /// Calls `body` with each certificate in turn.
    ///
    /// - Throws: `noCertificate`, `certificateInvalid`, and what `body` throws.
    func forEachCertificate(
        _ body: (OpaquePointer) throws(TLSFailure) -> Void
    ) throws(TLSFailure) {
        guard let reader = unsafe Self.reader(bytes) else { throw .library("out of memory") }
        defer { unsafe BIO_free(reader) }
        var count = 0
        while let certificate = unsafe gh_pem_certificate(reader) {
            defer { unsafe X509_free(certificate) }
            count += 1
            try unsafe body(certificate)
        }
        // The last call always fails; what else than the end of the text it met is an error.
        let code = ERR_peek_last_error()
        let reasons = TLSFailure.takeReasons()
        if gh_pem_is_end(code) == 0 { throw .certificateInvalid(reasons) }
        if count == 0 { throw .noCertificate }
    }

    /// The private key, which the caller frees.
    ///
    /// - Throws: `keyEncrypted`, `keyInvalid`.
    func privateKey() throws(TLSFailure) -> OpaquePointer {
        if Self.contains(bytes, "ENCRYPTED") { throw .keyEncrypted }
        guard let reader = unsafe Self.reader(bytes) else { throw .library("out of memory") }
        defer { unsafe BIO_free(reader) }
        ERR_clear_error()
        guard let key = unsafe gh_pem_private_key(reader) else {
            throw .keyInvalid(TLSFailure.takeReasons())
        }
        return unsafe key
    }

    private static func reader(_ bytes: [UInt8]) -> OpaquePointer? {
        // The reader copies, so that it may outlive the closure.
        guard let reader = unsafe BIO_new(BIO_s_mem()) else { return nil }
        let count = Int32(clamping: bytes.count)
        guard unsafe count == 0 || BIO_write(reader, bytes, count) == count else {
            unsafe BIO_free(reader)
            return nil
        }
        return unsafe reader
    }

    private static func contains(_ bytes: [UInt8], _ word: StaticString) -> Bool {
        let word = word.description.utf8
        guard bytes.count >= word.count else { return false }
        return (0...(bytes.count - word.count)).contains { bytes[$0...].starts(with: word) }
    }
}
