/// The name of one request in logs and answers: 20 characters of `0-9A-Za-z`.
///
/// Always made by the gateway. An `X-Request-Id` that a client sends is its own word and never
/// becomes one.
package struct RequestIdentifier: Sendable, Hashable {
    private let prefix: UInt64
    private let sequence: UInt64

    /// The length in characters.
    package static let length = prefixLength + sequenceLength

    /// The identifier number `sequence` of the generator that drew `prefix`.
    init(prefix: UInt64, sequence: UInt64) {
        self.prefix = prefix
        self.sequence = sequence
    }

    /// Appends the 20 characters.
    package func append(to bytes: inout [UInt8]) {
        Self.append(prefix, length: Self.prefixLength, to: &bytes)
        Self.append(sequence, length: Self.sequenceLength, to: &bytes)
    }

    /// 62^11 > 2^64: every prefix fits.
    private static let prefixLength = 11
    /// 62^9 requests of one loop: 400 years at a million a second.
    private static let sequenceLength = 9

    private static let alphabet: StaticString =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

    private static func append(_ value: UInt64, length: Int, to bytes: inout [UInt8]) {
        var rest = value
        bytes.append(addingCapacity: length) { span in
            for _ in 0..<length { span.append(0) }
            for index in (0..<length).reversed() {
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 62)
                span[index] = unsafe alphabet.utf8Start[Int(digit)]
                rest = quotient
            }
        }
    }
}

extension RequestIdentifier: CustomStringConvertible {
    package var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
