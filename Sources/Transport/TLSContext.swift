import COpenSSL

/// What the connections of one side of TLS have in common: whom they believe, or who they are.
///
/// OpenSSL counts references to a context and lets several threads make sessions of it at once, so
/// one serves all loops, and a session that was begun keeps it.
@safe package final class TLSContext: Sendable {
    private let address: UInt

    private init(address: UInt) { self.address = address }

    deinit { unsafe SSL_CTX_free(pointer) }

    /// For connections that we open: chain and host name are verified (RFC 9110 §4.3.4).
    ///
    /// - Throws: why the authorities cannot be used.
    package static func client(trusting trust: TLSTrust) throws(TLSFailure) -> TLSContext {
        let made = try prepared()
        guard unsafe gh_tls_prepare_client(made.pointer) == 1 else {
            throw .library(TLSFailure.takeReasons())
        }
        switch trust {
        case .system:
            guard unsafe SSL_CTX_set_default_verify_paths(made.pointer) == 1 else {
                throw .library(TLSFailure.takeReasons())
            }
        case .authorities(let text):
            let store = unsafe SSL_CTX_get_cert_store(made.pointer)
            try unsafe PEMText(bytes: text).forEachCertificate { certificate throws(TLSFailure) in
                guard unsafe X509_STORE_add_cert(store, certificate) == 1 else {
                    throw .certificateInvalid(TLSFailure.takeReasons())
                }
            }
        }
        return made
    }

    /// For connections that we accept.
    ///
    /// All in PEM: our certificate, then those that lead from it to an authority; its key, without a
    /// password.
    ///
    /// - Throws: why certificate or key cannot be used.
    package static func server(
        certificates: [UInt8], privateKey: [UInt8]
    ) throws(TLSFailure) -> TLSContext {
        let made = try prepared()
        guard unsafe gh_tls_prepare_server(made.pointer) == 1 else {
            throw .library(TLSFailure.takeReasons())
        }
        var isFirst = true
        try unsafe PEMText(bytes: certificates).forEachCertificate {
            certificate throws(TLSFailure) in
            let status =
                unsafe isFirst
                ? SSL_CTX_use_certificate(made.pointer, certificate)
                : gh_tls_add_chain(made.pointer, certificate)
            guard status == 1 else { throw .certificateInvalid(TLSFailure.takeReasons()) }
            isFirst = false
        }
        let key = try unsafe PEMText(bytes: privateKey).privateKey()
        defer { unsafe EVP_PKEY_free(key) }
        // A key of another kind would be taken into a place of its own.
        guard unsafe X509_check_private_key(SSL_CTX_get0_certificate(made.pointer), key) == 1 else {
            _ = TLSFailure.takeReasons()
            throw .keyMismatch
        }
        guard unsafe SSL_CTX_use_PrivateKey(made.pointer, key) == 1 else {
            throw .keyInvalid(TLSFailure.takeReasons())
        }
        return made
    }

    private static func prepared() throws(TLSFailure) -> TLSContext {
        ERR_clear_error()
        guard let context = unsafe SSL_CTX_new(TLS_method()) else {
            throw .library(TLSFailure.takeReasons())
        }
        let made = TLSContext(address: UInt(bitPattern: context))
        guard unsafe gh_tls_prepare(made.pointer) == 1 else {
            throw .library(TLSFailure.takeReasons())
        }
        return made
    }

    var pointer: OpaquePointer {
        guard let pointer = unsafe OpaquePointer(bitPattern: address) else {
            preconditionFailure("the address of a context is never zero")
        }
        return unsafe pointer
    }
}

extension TLSContext: Hashable {
    package static func == (left: TLSContext, right: TLSContext) -> Bool { left === right }

    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
