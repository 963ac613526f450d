/// The name of one request in logs and answers: 20 characters of `0-9A-Za-z`.
///
/// Always made by the gateway. An `X-Request-Id` that a client sends is its own word and never
/// becomes one.
package struct RequestIdentifier: Sendable, Hashable {
    /// The characters of the prefix, which identifiers of one generator share, and nothing after them.
    private let prefix: SIMD16<UInt8>
    private let sequence: UInt64

    /// The length in characters.
    package static let length = prefixLength + sequenceLength

    /// The identifier number `sequence` of the generator that drew `prefix`.
    init(prefix: UInt64, sequence: UInt64) {
        var characters: [UInt8] = []
        characters.append(addingCapacity: Self.prefixLength) {
            Self.append(prefix, length: Self.prefixLength, to: &$0)
        }
        var lanes = SIMD16<UInt8>()
        for (lane, character) in characters.enumerated() { lanes[lane] = character }
        self.prefix = lanes
        self.sequence = sequence
    }

    /// The identifier after this one of the same generator.
    var next: RequestIdentifier { RequestIdentifier(prefix: prefix, sequence: sequence &+ 1) }

    private init(prefix: SIMD16<UInt8>, sequence: UInt64) {
        self.prefix = prefix
        self.sequence = sequence
    }

    /// Appends the 20 characters.
    package func append(to bytes: inout [UInt8]) {
        bytes.append(addingCapacity: Self.length) { append(to: &$0) }
    }

    /// Appends the 20 characters where there is room for them.
    func append(to bytes: inout OutputSpan<UInt8>) {
        unsafe withUnsafeBytes(of: prefix) { lanes in
            unsafe lanes.withMemoryRebound(to: UInt8.self) { characters in
                unsafe bytes.append(copying: characters.extracting(..<Self.prefixLength))
            }
        }
        Self.append(sequence, length: Self.sequenceLength, to: &bytes)
    }

    /// 62^11 > 2^64: every prefix fits.
    private static let prefixLength = 11
    /// 62^9 requests of one loop: 400 years at a million a second.
    private static let sequenceLength = 9

    private static let alphabet: StaticString =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

    private static func append(
        _ value: UInt64, length: Int, to bytes: inout OutputSpan<UInt8>
    ) {
        var rest = value
        bytes.appendBackwards(count: length) {
            // Most of a sequence is zeros, for which there is nothing to divide.
            if rest == 0 { return unsafe alphabet.utf8Start[0] }
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 62)
            rest = quotient
            return unsafe alphabet.utf8Start[Int(digit)]
        }
    }
}

extension RequestIdentifier: CustomStringConvertible {
    /// The 20 characters.
    package var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
