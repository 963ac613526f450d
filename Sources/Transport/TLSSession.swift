import COpenSSL
import Glibc

/// How far an operation of TLS came.
enum TLSProgress {
    /// It is done; the bytes read or written.
    case done(Int)
    /// It goes on when the socket can be read.
    case wantsRead
    /// It goes on when the socket can be written.
    case wantsWrite
    /// The peer said that it sends no more.
    case ended
    /// The peer went away without saying so; the system's reason.
    case broken(Int32)
    /// TLS failed.
    case failed(String)
}

/// TLS on the non-blocking socket of one connection, without a buffer between.
@safe final class TLSSession {
    /// Whether the handshake is still under way.
    private(set) var isHandshaking = true
    /// Whether the owner of the socket wants to read; during the handshake the socket reads anyway.
    var ownerReads = false
    /// Whether reading goes on only once the socket can be written.
    var readNeedsWrite = false

    private let session: OpaquePointer
    private var isUsable = true
    /// What ended the last read, where that had bytes to give first.
    private var unread: TLSProgress?

    /// Begins TLS on a descriptor; nil if OpenSSL has no memory or takes the name for none.
    ///
    /// `host` is the name or address that the peer's certificate must have, where we open the
    /// connection; nil where we accept it.
    init?(_ context: TLSContext, descriptor: Int32, host: String?) {
        ERR_clear_error()
        guard let session = unsafe SSL_new(context.pointer) else { return nil }
        unsafe self.session = unsafe session
        guard unsafe SSL_set_fd(session, descriptor) == 1 else { return nil }
        guard let host else {
            unsafe SSL_set_accept_state(session)
            return
        }
        unsafe SSL_set_connect_state(session)
        guard expect(host) else { return nil }
    }

    deinit { unsafe SSL_free(session) }

    /// RFC 9110 §4.3.4, RFC 9525 §6: a name is matched with names, an address with addresses; only a
    /// name is said to the server (RFC 6066 §3).
    private func expect(_ host: String) -> Bool {
        if SocketAddress(literal: host, port: 0) != nil {
            return unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) == 1
        }
        // A final dot only says that the name is absolute.
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        unsafe SSL_set_hostflags(session, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        return unsafe SSL_set1_host(session, name) == 1
            && gh_tls_set_host_name(session, name) == 1
    }

    /// Goes on with the handshake.
    func handshake() -> TLSProgress {
        ERR_clear_error()
        errno = 0
        let status = unsafe SSL_do_handshake(session)
        guard status != 1 else {
            isHandshaking = false
            return .done(0)
        }
        return outcome(of: status)
    }

    /// Reads what is there, record after record, until the buffer is full.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> TLSProgress {
        if let unread {
            self.unread = nil
            return unread
        }
        var count = 0
        while count < buffer.count, let base = buffer.baseAddress {
            ERR_clear_error()
            errno = 0
            let space = Int32(clamping: buffer.count - count)
            let status = unsafe SSL_read(session, base + count, space)
            if status > 0 {
                count += Int(status)
                continue
            }
            let outcome = outcome(of: status)
            guard count > 0 else { return outcome }
            // What has been read comes first.
            if case .wantsRead = outcome { break }
            unread = outcome
            break
        }
        return .done(count)
    }

    /// Writes until the kernel takes no more; the bytes that were taken.
    func write(_ bytes: UnsafeRawBufferPointer) -> TLSProgress {
        var count = 0
        while count < bytes.count, let base = bytes.baseAddress {
            ERR_clear_error()
            errno = 0
            let rest = Int32(clamping: bytes.count - count)
            let status = unsafe SSL_write(session, base + count, rest)
            if status > 0 {
                count += Int(status)
                continue
            }
            let outcome = outcome(of: status)
            if case .wantsWrite = outcome { break }
            return outcome
        }
        return .done(count)
    }

    /// Whether bytes, or an end, wait here that the kernel does not have any more.
    var hasPending: Bool { unsafe unread != nil || SSL_has_pending(session) == 1 }

    /// Whether what ended the last read is still to be told.
    var hasEnded: Bool { unread != nil }

    /// Says that we send no more (RFC 8446 §6.1), as far as the kernel takes it.
    func sendEnd() {
        guard isUsable, !isHandshaking else { return }
        ERR_clear_error()
        unsafe SSL_shutdown(session)
        isUsable = false
    }

    private func outcome(of status: Int32) -> TLSProgress {
        let code = errno
        switch unsafe SSL_get_error(session, status) {
        case SSL_ERROR_WANT_READ: return .wantsRead
        case SSL_ERROR_WANT_WRITE: return .wantsWrite
        case SSL_ERROR_ZERO_RETURN: return .ended
        case SSL_ERROR_SYSCALL:
            isUsable = false
            _ = TLSFailure.takeReasons()
            return .broken(code == 0 ? ECONNRESET : code)
        default:
            // After any other error nothing may be said any more.
            isUsable = false
            let isEnd = gh_tls_is_unexpected_end(ERR_peek_error()) == 1
            let reasons = TLSFailure.takeReasons()
            return isEnd ? .broken(ECONNRESET) : .failed(verification ?? reasons)
        }
    }

    /// Why the peer's certificate is not believed; nil if that is not the reason.
    private var verification: String? {
        let code = unsafe SSL_get_verify_result(session)
        guard code != Int(X509_V_OK) else { return nil }
        return unsafe String(cString: X509_verify_cert_error_string(code))
    }
}
