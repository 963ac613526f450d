/// The few forms of the Distinguished Encoding Rules (X.690) that keys and signatures need.
enum DER {
    /// A non-negative INTEGER from big-endian bytes of any length; zero bytes in front are dropped.
    static func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var magnitude = bytes.drop { $0 == 0 }
        if magnitude.isEmpty { magnitude = [0] }
        let sign: [UInt8] = magnitude.first.map { $0 >= 0x80 } == true ? [0] : []
        return element(0x02, sign + magnitude)
    }

    static func sequence(_ elements: [UInt8]...) -> [UInt8] {
        element(0x30, Array(elements.joined()))
    }

    /// A BIT STRING of whole bytes.
    static func bitString(_ bytes: [UInt8]) -> [UInt8] {
        element(0x03, [0] + bytes)
    }

    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag] + length(content.count) + content
    }

    /// X.690 §8.1.3, in the shortest form (§10.1).
    private static func length(_ count: Int) -> [UInt8] {
        if count < 0x80 { return [UInt8(count)] }
        if count < 0x100 { return [0x81, UInt8(count)] }
        precondition(count < 0x10000, "no key or signature is longer than 64 KiB")
        return [0x82, UInt8(count >> 8), UInt8(count & 0xff)]
    }
}
