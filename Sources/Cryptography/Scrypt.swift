import COpenSSL

/// A key of `count` bytes (1...64) that takes time and memory to derive from a password (RFC 7914).
///
/// It takes as long as its cost says: never call it on an event loop.
///
/// - Throws: `CryptographyError` when there is not enough memory.
package func scrypt(
    password: [UInt8], salt: [UInt8], cost: ScryptCost, count: Int
) throws(CryptographyError) -> [UInt8] {
    precondition((1...64).contains(count), "a key of scrypt has 1...64 bytes")
    // An empty array may have no base address, which OpenSSL takes for "only check the cost".
    let text = password.isEmpty ? [0] : password
    var isDone = false
    let key = unsafe [UInt8](unsafeUninitializedCapacity: count) { out, initialized in
        isDone = unsafe text.withUnsafeBytes { text in
            unsafe EVP_PBE_scrypt(
                text.bindMemory(to: CChar.self).baseAddress, password.count, salt, salt.count,
                1 << UInt64(cost.logN), UInt64(cost.r), UInt64(cost.p),
                UInt64(ScryptCost.memoryLimit), out.baseAddress, count) == 1
        }
        initialized = isDone ? count : 0
    }
    guard isDone else { throw CryptographyError("derive a key by scrypt") }
    return key
}
