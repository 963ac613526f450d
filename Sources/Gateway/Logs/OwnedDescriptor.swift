internal import Glibc

/// A file descriptor that is closed with its last reference.
final class OwnedDescriptor: Sendable {
    let number: Int32

    init(_ number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// A pipe whose ends do not block and do not survive `exec`; nil if there is none to be had.
    static func pipe() -> (readEnd: OwnedDescriptor, writeEnd: OwnedDescriptor)? {
        var numbers: (Int32, Int32) = (-1, -1)
        let result = unsafe withUnsafeMutableBytes(of: &numbers) { bytes in
            unsafe Glibc.pipe(bytes.assumingMemoryBound(to: Int32.self).baseAddress)
        }
        guard result == 0 else { return nil }
        for number in [numbers.0, numbers.1] {
            _ = fcntl(number, F_SETFD, FD_CLOEXEC)
            _ = fcntl(number, F_SETFL, O_NONBLOCK)
        }
        return (OwnedDescriptor(numbers.0), OwnedDescriptor(numbers.1))
    }
}
