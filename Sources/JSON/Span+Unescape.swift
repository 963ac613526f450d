/// The content of strings that have been checked.
extension Span<UInt8> {
    /// The UTF-8 that the bytes in `content`, which lie between quotation marks, stand for.
    ///
    /// - Precondition: the scanner has accepted the string.
    func unescaped(_ content: Range<Int>) -> [UInt8] {
        [UInt8](capacity: content.count) { output in
            var offset = content.lowerBound
            while offset < content.upperBound {
                if self[offset] != ASCII.backslash {
                    output.append(self[offset])
                    offset += 1
                } else {
                    offset = unescape(at: offset, into: &output)
                }
            }
        }
    }

    /// Appends what the escape at `start` stands for, and returns where it ends.
    private func unescape(at start: Int, into output: inout OutputSpan<UInt8>) -> Int {
        if let character = self[start + 1].escapedCharacter {
            output.append(character)
            return start + 2
        }
        guard let unit = hexadecimal(at: start + 2) else {
            preconditionFailure("an escape that the scanner accepted has four digits")
        }
        guard UTF16.isSurrogate(unit) else {
            append(UInt32(unit), to: &output)
            return start + 6
        }
        guard let trail = hexadecimal(at: start + 8) else {
            preconditionFailure("a surrogate that the scanner accepted has its other half")
        }
        append(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(trail) - 0xDC00), to: &output)
        return start + 12
    }

    private func append(_ scalar: UInt32, to output: inout OutputSpan<UInt8>) {
        guard let scalar = Unicode.Scalar(scalar) else {
            preconditionFailure("surrogates come in pairs once the scanner has accepted them")
        }
        for unit in scalar.utf8 { output.append(unit) }
    }
}
