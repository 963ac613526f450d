import COpenSSL

/// Bytes from OpenSSL's generator for secrets; the process ends if the generator fails, since no
/// answer would be safe.
///
/// `count` is 0...1 MiB.
package func randomBytes(_ count: Int) -> [UInt8] {
    precondition(count >= 0 && count <= 1 << 20, "a number of random bytes is 0...1 MiB")
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        if count > 0 {
            let done = unsafe RAND_priv_bytes(buffer.baseAddress, Int32(count))
            precondition(done == 1, "the generator of random bytes failed")
        }
        initialized = count
    }
}
