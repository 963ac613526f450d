import COpenSSL

/// Why there is no TLS: what was given cannot be used, or OpenSSL's words.
package enum TLSFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The text holds no certificate in PEM (RFC 7468 §5.1).
    case noCertificate
    /// A certificate of the text cannot be read or used.
    case certificateInvalid(String)
    /// The key is protected by a password, which nobody would be there to give.
    case keyEncrypted
    /// The text holds no private key in PEM that can be used.
    case keyInvalid(String)
    /// The private key is not that of the first certificate.
    case keyMismatch
    /// OpenSSL failed.
    case library(String)

    package var description: String {
        switch self {
        case .noCertificate: "holds no certificate in PEM form"
        case .certificateInvalid(let reason): "holds a certificate that cannot be used: \(reason)"
        case .keyEncrypted: "holds a key that is protected by a password"
        case .keyInvalid(let reason): "holds no private key in PEM form: \(reason)"
        case .keyMismatch: "holds a key that is not the key of the certificate"
        case .library(let reason): "cannot be used: \(reason)"
        }
    }

    /// The reasons on the thread's error queue of OpenSSL, which is empty afterwards.
    static func takeReasons() -> String {
        var reasons: [String] = []
        while true {
            let code = ERR_get_error()
            if code == 0 { break }
            let reason = unsafe ERR_reason_error_string(code)
            if let reason = unsafe reason { unsafe reasons.append(String(cString: reason)) }
        }
        return reasons.isEmpty ? "no reason given" : reasons.joined(separator: "; ")
    }
}
