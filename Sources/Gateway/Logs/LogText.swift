/// Text of unknown origin on its way into a log line: a string, or bytes as they were received.
///
/// Nothing is promised about the content. `LogEncoding` escapes it when the line is written, so a
/// caller hands over what it has and never prepares it.
package enum LogText: Sendable, Equatable {
    /// Text that was decoded before.
    case string(String)
    /// Bytes of a message, UTF-8 or not.
    case bytes(ArraySlice<UInt8>)

    /// Gives the bytes to `body` without copying them.
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        switch self {
        case .string(let string):
            if let result = unsafe string.utf8.withContiguousStorageIfAvailable(body) {
                return result
            }
            return unsafe Array(string.utf8).withUnsafeBufferPointer(body)
        case .bytes(let bytes):
            return unsafe bytes.withUnsafeBufferPointer(body)
        }
    }
}

extension LogText: ExpressibleByStringLiteral {
    /// Text of ours.
    package init(stringLiteral value: String) {
        self = .string(value)
    }
}
