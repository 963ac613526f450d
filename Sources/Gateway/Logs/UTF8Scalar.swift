/// One scalar of more than one byte, decoded strictly (RFC 3629 §3 and §4).
struct UTF8Scalar {
    let value: UInt32
    let length: Int

    /// Decodes the sequence that begins at `start`; nil if it is not well-formed UTF-8.
    init?(in bytes: UnsafeBufferPointer<UInt8>, at start: Int) {
        let lead = unsafe UInt32(bytes[start])
        let shape: (length: Int, bits: UInt32, least: UInt32)
        switch lead {
        case 0xC2...0xDF: shape = (2, lead & 0x1F, 0x80)
        case 0xE0...0xEF: shape = (3, lead & 0x0F, 0x800)
        case 0xF0...0xF4: shape = (4, lead & 0x07, 0x10000)
        default: return nil
        }
        guard bytes.count - start >= shape.length else { return nil }
        var value = shape.bits
        for index in start + 1..<start + shape.length {
            let byte = unsafe UInt32(bytes[index])
            guard byte & 0xC0 == 0x80 else { return nil }
            value = value << 6 | byte & 0x3F
        }
        // RFC 3629 §3: no overlong form, no surrogate, nothing above U+10FFFF.
        guard value >= shape.least, value <= 0x10FFFF, value & 0x1F_F800 != 0xD800 else {
            return nil
        }
        self.value = value
        self.length = shape.length
    }

    /// Whether a reader of the log could be misled by it: line ends, terminal controls, and
    /// characters that are invisible or change the direction of the text.
    var isDeceptive: Bool {
        switch value {
        case 0x80...0x9F,  // C1 controls: U+0085 ends a line, U+009B begins a terminal sequence
            0xAD, 0x061C, 0x180E,  // soft hyphen, Arabic letter mark, Mongolian vowel separator
            0x200B...0x200F,  // zero width, directional marks
            0x2028...0x202E,  // line and paragraph separator, embeddings and overrides
            0x2060...0x206F,  // invisible operators, isolates
            0xFEFF, 0xFFF9...0xFFFB,  // byte order mark, interlinear annotation
            0xE0000...0xE007F:  // tags
            true
        default:
            false
        }
    }
}
