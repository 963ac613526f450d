import FuzzSupport
import HTTP

/// What a decoder made of some bytes, however they were divided.
struct Transcript: Equatable {
    /// Each head in a canonical form.
    var heads: [[UInt8]] = []
    var content: [UInt8] = []
    /// Where in the content each message ended.
    var ends: [Int] = []
    /// The bytes that were taken; zero after a violation, whose place depends on the division.
    var taken = 0
    var violation: String?

    /// Whether another reading of the same bytes says the same.
    ///
    /// Content before a violation may be seen or not, which depends on the division too.
    func agrees(with other: Transcript) -> Bool {
        guard violation != nil else { return self == other }
        return heads == other.heads && ends == other.ends && violation == other.violation
            && (content.starts(with: other.content) || other.content.starts(with: content))
    }

    /// Takes the events of one piece; false once nothing more is to be read.
    mutating func read<Head, Violation: Error & RawRepresentable<String>>(
        _ input: Span<UInt8>,
        _ next: (Span<UInt8>, inout Int) throws(Violation) -> DecoderEvent<Head>,
        stopsAtEnd: Bool, head note: (Head) -> [UInt8]
    ) -> Bool {
        var offset = 0
        do throws(Violation) {
            while true {
                let before = offset
                let event = try next(input, &offset)
                require(before <= offset && offset <= input.count, "an offset moves forward only")
                switch event {
                case .needMore:
                    require(offset == input.count, "more is asked for when all was taken")
                    taken += offset
                    return true
                case .head(let head):
                    heads.append(note(head))
                case .body(let range):
                    require(!range.isEmpty && range.upperBound <= offset, "content has come")
                    require(range.lowerBound >= before, "content comes once")
                    for index in range { content.append(input[index]) }
                case .end:
                    ends.append(content.count)
                    if stopsAtEnd {
                        taken += offset
                        return false
                    }
                }
            }
        } catch {
            violation = error.rawValue
            taken = 0
            return false
        }
    }
}
