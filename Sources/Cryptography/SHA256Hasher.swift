import COpenSSL

/// Makes SHA-256 digests one after the other with one context: a new one for each costs three
/// allocations.
///
/// Not for sharing: whoever makes many digests on one thread keeps one. Nothing of what was
/// digested stays in it but the digest.
@safe package final class SHA256Hasher {
    private let context: OpaquePointer

    /// A hasher.
    package init() {
        guard let context = unsafe EVP_MD_CTX_new() else {
            preconditionFailure("out of memory for a digest context")
        }
        unsafe self.context = context
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
    }

    /// The digest of a slice.
    package func digest(of bytes: ArraySlice<UInt8>) -> SHA256Digest {
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe SHA256Digest { out in
                unsafe EVP_DigestInit_ex2(context, DigestMethod.sha256.pointer, nil) == 1
                    && EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
                    && EVP_DigestFinal_ex(context, out, nil) == 1
            }
        }
    }
}
