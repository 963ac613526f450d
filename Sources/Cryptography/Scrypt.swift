import COpenSSL

/// What ``scrypt(password:salt:logN:r:p:count:)`` may be asked for.
package enum ScryptLimits {
    /// The most that one call may take, in bytes: N = 2^17 with r = 8 and what comes on top of it.
    package static let memory = 132 << 20
    /// The powers of two that the cost N may be.
    package static let logN = 1...20
    /// The block sizes, in units of 128 bytes.
    package static let r = 1...32
    /// How many times the work is done; unlike N and r it costs time only.
    package static let p = 1...16
    /// The lengths of the output, in bytes.
    package static let count = 1...1024
}

/// scrypt (RFC 7914): `count` bytes from a password that cost 2^`logN` · `r` · 128 bytes of memory.
///
/// It takes tens of milliseconds and more: never call it on an event loop.
///
/// - Throws: for parameters outside ``ScryptLimits``, and where OpenSSL finds them invalid
///   (RFC 7914 §2: N is less than 2^(16 · r)).
package func scrypt(
    password: [UInt8], salt: [UInt8], logN: Int, r: Int, p: Int, count: Int
) throws(CryptographyError) -> [UInt8] {
    let attempt = "derive a key with scrypt"
    guard ScryptLimits.logN.contains(logN), ScryptLimits.r.contains(r),
        ScryptLimits.p.contains(p), ScryptLimits.count.contains(count)
    else { throw CryptographyError(attempt, cause: "a parameter is out of bounds") }
    // Null pointers would tell OpenSSL only to check the parameters; it reads no byte of an empty one.
    let characters = password.map(CChar.init(bitPattern:)) + [0]
    var isDone = false
    let key = unsafe [UInt8](unsafeUninitializedCapacity: count) { out, initialized in
        isDone =
            unsafe EVP_PBE_scrypt(
                characters, password.count, salt + [0], salt.count, 1 << UInt64(logN), UInt64(r),
                UInt64(p), UInt64(ScryptLimits.memory), out.baseAddress, count) == 1
        initialized = isDone ? count : 0
    }
    guard isDone else { throw CryptographyError(attempt) }
    return key
}
