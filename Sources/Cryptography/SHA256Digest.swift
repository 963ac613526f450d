import COpenSSL

/// A SHA-256 digest (FIPS 180-4) as four words, so that comparing and hashing it costs no
/// allocation.
package struct SHA256Digest: Hashable, Sendable {
    /// The 32 bytes in order, eight to a word, the first byte in the lowest address.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// The digest that `write` puts into the 32 bytes it is given; it returns whether it did.
    init(_ write: (UnsafeMutablePointer<UInt8>) -> Bool) {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        let done = unsafe withUnsafeMutableBytes(of: &words) { out in
            unsafe out.withMemoryRebound(to: UInt8.self) { out in
                guard let start = out.baseAddress else { return false }
                return unsafe write(start)
            }
        }
        precondition(done, "SHA-256 of bytes in memory cannot fail")
        self.words = words
    }

    /// The 32 bytes of the digest.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        for word in [words.0, words.1, words.2, words.3] {
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: UInt64(littleEndian: word) >> shift))
            }
        }
        return bytes
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.words == right.words
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
    }
}

/// The SHA-256 digest of the bytes in a buffer.
package func sha256(_ bytes: UnsafeRawBufferPointer) -> SHA256Digest {
    unsafe SHA256Digest { out in
        unsafe EVP_Digest(
            bytes.baseAddress, bytes.count, out, nil, DigestMethod.sha256.pointer, nil) == 1
    }
}

/// The SHA-256 digest of an array.
package func sha256(_ bytes: [UInt8]) -> SHA256Digest {
    unsafe bytes.withUnsafeBytes { unsafe sha256($0) }
}

/// The SHA-256 digest of a slice.
package func sha256(_ bytes: ArraySlice<UInt8>) -> SHA256Digest {
    unsafe bytes.withUnsafeBytes { unsafe sha256($0) }
}

/// Digest methods, fetched once per process: fetching by name at each call costs more than the
/// digest.
enum DigestMethod {
    static let sha256 = fetch("SHA2-256")

    private static func fetch(_ name: String) -> OpenSSLObject {
        guard let method = unsafe EVP_MD_fetch(nil, name, nil) else {
            preconditionFailure("this OpenSSL has no \(name)")
        }
        return unsafe OpenSSLObject(method)
    }
}
