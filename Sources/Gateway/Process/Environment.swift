import Glibc

/// The variables of the process's environment.
package enum Environment {
    /// All of them; read once, before other threads run.
    package static let all: [String: String] = {
        var variables: [String: String] = [:]
        var next = unsafe environ
        while let entry = unsafe next.pointee {
            let text = unsafe String(cString: entry)
            if let mark = text.firstIndex(of: "=") {
                variables[String(text[..<mark])] = String(text[text.index(after: mark)...])
            }
            unsafe next += 1
        }
        return variables
    }()
}

/// The terminal, or whoever reads descriptor 2.
package enum StandardError {
    /// Writes a line.
    package static func write(_ line: String) { writeLine(line, to: 2) }
}

/// Whoever reads descriptor 1.
package enum StandardOutput {
    /// Writes a line.
    package static func write(_ line: String) { writeLine(line, to: 1) }
}

private func writeLine(_ line: String, to descriptor: Int32) {
    var bytes = Array(line.utf8) + [0x0A]
    while !bytes.isEmpty {
        let count = unsafe bytes.withUnsafeBytes {
            unsafe write(descriptor, $0.baseAddress, $0.count)
        }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        bytes.removeFirst(count)
    }
}
