extension UInt8 {
    static var lineFeed: UInt8 { 0x0A }
    static var carriageReturn: UInt8 { 0x0D }
}

extension UnsafeRawBufferPointer {
    /// The offset of the first CR or LF at or after `start`; eight bytes are looked at at once.
    func firstLineEnd(from start: Int) -> Int? {
        var position = start
        while position + 8 <= count {
            let word = unsafe UInt64(
                littleEndian: loadUnaligned(fromByteOffset: position, as: UInt64.self))
            let found = word.zeroBytes(xor: .lineFeed) | word.zeroBytes(xor: .carriageReturn)
            // The lowest mark is exact; those above it may be borrowed.
            if found != 0 { return position + found.trailingZeroBitCount / 8 }
            position += 8
        }
        while position < count {
            let byte = unsafe self[position]
            if byte == .lineFeed || byte == .carriageReturn { return position }
            position += 1
        }
        return nil
    }
}

extension UInt64 {
    /// The high bit of each byte that equals `byte`.
    fileprivate func zeroBytes(xor byte: UInt8) -> UInt64 {
        let lows: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        let mixed = self ^ (lows &* UInt64(byte))
        return (mixed &- lows) & ~mixed & highs
    }
}
