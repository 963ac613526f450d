import Glibc

/// An operation of the system that failed: what was attempted, and the system's reason.
package struct TransportFailure: Error, Sendable, CustomStringConvertible {
    /// What was attempted, as "bind 127.0.0.1:80".
    package let attempt: String
    /// The `errno` of the failed call, 0 where there is none.
    package let code: Int32

    /// Names a failed attempt.
    package init(attempt: String, code: Int32) {
        self.attempt = attempt
        self.code = code
    }

    package var description: String {
        guard code != 0 else { return "could not \(attempt)" }
        return "could not \(attempt): \(systemMessage(code))"
    }
}

/// The system's text for an `errno`.
package func systemMessage(_ code: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 128)
    return unsafe buffer.withUnsafeMutableBufferPointer { buffer in
        guard let start = buffer.baseAddress, unsafe strerror_r(code, start, buffer.count) == 0
        else { return "error \(code)" }
        return unsafe String(cString: start)
    }
}
