/// Which bytes and pairs of bytes a text holds, roughly: what the sieve of a name lacks of a
/// pattern's rules the pattern out at once.
///
/// Two hashed sets in a word each, so a name that passes may still not match.
struct NameSieve: Sendable {
    private var singles: UInt64 = 0
    private var pairs: UInt64 = 0

    /// The sieve of a name.
    init(of name: Span<UInt8>) {
        add(name)
    }

    /// The sieve of what every name that a pattern matches holds.
    init(of pattern: Pattern) {
        for part in pattern.parts { add(part.span) }
    }

    /// Whether a name with this sieve may hold all that the other one has.
    @inline(__always)
    func mayHold(_ other: NameSieve) -> Bool {
        other.singles & ~singles == 0 && other.pairs & ~pairs == 0
    }

    private mutating func add(_ text: Span<UInt8>) {
        var last: UInt64 = 0
        for index in text.indices {
            let byte = UInt64(text[index])
            singles |= 1 << (byte & 63)
            if index > 0 { pairs |= 1 << ((last &* 31 &+ byte) & 63) }
            last = byte
        }
    }
}
