extension OutputSpan<UInt8> {
    /// Appends `bytes` with one copy; there must be room for them.
    @inline(__always)
    mutating func append(copying bytes: [UInt8]) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(copying: $0) }
    }

    /// Appends `bytes` with one copy; there must be room for them.
    @inline(__always)
    mutating func append(copying bytes: UnsafeBufferPointer<UInt8>) {
        unsafe withUnsafeMutableBufferPointer { buffer, count in
            let end = count + bytes.count
            precondition(
                end <= buffer.count, "room for a log line is reckoned before it is written")
            let room = UnsafeMutableRawBufferPointer(buffer.extracting(count..<end))
            unsafe room.copyMemory(from: UnsafeRawBufferPointer(bytes))
            count = end
        }
    }

    /// Appends `total` bytes, of which `next` gives the last one first; there must be room for them.
    @inline(__always)
    mutating func appendBackwards(count total: Int, _ next: () -> UInt8) {
        unsafe withUnsafeMutableBufferPointer { buffer, count in
            let end = count + total
            precondition(
                end <= buffer.count, "room for a log line is reckoned before it is written")
            var index = end
            while index > count {
                index -= 1
                unsafe buffer[index] = next()
            }
            count = end
        }
    }
}
