extension OutputSpan<UInt8> {
    /// Appends `bytes` with one copy; there must be room for them.
    @inline(__always)
    mutating func append(copying bytes: UnsafeBufferPointer<UInt8>) {
        unsafe withUnsafeMutableBufferPointer { buffer, count in
            let end = count + bytes.count
            precondition(
                end <= buffer.count, "room for a log line is reckoned before it is written")
            _ = unsafe buffer.extracting(count..<end).initialize(fromContentsOf: bytes)
            count = end
        }
    }
}
