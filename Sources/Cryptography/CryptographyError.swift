import COpenSSL

/// OpenSSL could not do what it was asked; never used for a signature or a seal that is merely
/// wrong.
package struct CryptographyError: Error, Equatable, CustomStringConvertible {
    /// What was attempted, such as "make an ES256 key".
    package let attempt: String
    /// OpenSSL's reasons, the first cause first; empty if it gave none.
    package let causes: [String]

    package var description: String {
        let cause = causes.isEmpty ? "OpenSSL gave no reason" : causes.joined(separator: "; ")
        return "cannot \(attempt): \(cause)"
    }

    /// Takes the reasons from the thread's error queue of OpenSSL and leaves it empty.
    init(_ attempt: String) {
        var causes: [String] = []
        while true {
            let code = ERR_get_error()
            if code == 0 { break }
            causes.append(Self.text(of: code))
        }
        self.attempt = attempt
        self.causes = causes
    }

    /// A failure that we found, not OpenSSL.
    init(_ attempt: String, cause: String) {
        self.attempt = attempt
        self.causes = [cause]
    }

    private static func text(of code: UInt) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        unsafe ERR_error_string_n(code, &buffer, buffer.count)
        return String(
            decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
