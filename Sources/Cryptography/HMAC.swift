import COpenSSL

/// HMAC-SHA-256 of `message` under `key` (RFC 2104); 32 bytes.
package func hmacSHA256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    // A null key pointer would tell OpenSSL to keep an earlier key (there is none); an empty array
    // may have no base address.
    let key = key.isEmpty ? [0] : key
    var length: UInt32 = 0
    let mac = unsafe [UInt8](unsafeUninitializedCapacity: 32) { out, initialized in
        let done = unsafe HMAC(
            DigestMethod.sha256.pointer, key, Int32(key.count), message, message.count,
            out.baseAddress, &length)
        precondition(unsafe done != nil && length == 32, "HMAC of bytes in memory cannot fail")
        initialized = 32
    }
    return mac
}

/// HKDF-SHA-256 (RFC 5869): a key of `count` bytes for one purpose.
///
/// `secret` is the input keying material, `salt` may be empty, `info` names the purpose (different
/// purposes give unrelated keys) and `count` is 1...8160 (RFC 5869 §2.3).
package func hkdfSHA256(
    secret: [UInt8], salt: [UInt8] = [], info: [UInt8], count: Int
) -> [UInt8] {
    precondition((1...255 * 32).contains(count), "RFC 5869 §2.3 limits the output to 255 blocks")
    // RFC 5869 §2.2: an absent salt is a block of zeros, which HMAC pads an empty key to.
    let pseudorandomKey = hmacSHA256(key: salt, secret)
    var output: [UInt8] = []
    var block: [UInt8] = []
    var counter: UInt8 = 1
    while output.count < count {
        block = hmacSHA256(key: pseudorandomKey, block + info + [counter])
        output += block
        counter &+= 1
    }
    return Array(output.prefix(count))
}
