import COpenSSL

/// The address of an OpenSSL object that never changes after it was made.
///
/// A pointer is not `Sendable`; an address is. Only objects that OpenSSL allows several threads to
/// read at once are kept so: keys (`EVP_PKEY`, reference counted, with locks of their own) and
/// fetched methods (`EVP_MD`, `EVP_CIPHER`). Contexts are never kept. Whoever stores the address
/// owns the object and frees it in `deinit`, or never.
struct OpenSSLObject: Sendable {
    private let address: UInt

    init(_ pointer: OpaquePointer) {
        address = UInt(bitPattern: pointer)
    }

    var pointer: OpaquePointer {
        guard let pointer = unsafe OpaquePointer(bitPattern: address) else {
            preconditionFailure("the address of an object is never zero")
        }
        return unsafe pointer
    }
}
