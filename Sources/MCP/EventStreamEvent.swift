/// One block of a stream of server-sent events, with its blank line (WHATWG HTML §9.2.6).
///
/// A block without `data` dispatches nothing in a client: a comment, a new `retry`, a bare `id`.
package struct EventStreamEvent: Sendable, Equatable {
    /// The block exactly as it was sent.
    package let bytes: [UInt8]
    /// The lines of `data`, joined by LF; nil if there is none.
    package let data: [UInt8]?
    /// `event`, nil if absent or empty: then it is `message`.
    package let event: String?
    /// `id`; nil if the block sets none.
    package let id: String?
    /// `retry` in milliseconds; nil if the block sets none.
    package let retry: Int?

    private let contentStart: Int

    /// The event in `bytes`, which are one block; a byte order mark is skipped in the first.
    init(bytes: [UInt8], isFirst: Bool) {
        let contentStart = isFirst && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var data: [UInt8]?
        var event: String?
        var id: String?
        var retry: Int?
        for line in EventStreamLines(of: bytes, from: contentStart) {
            let value = bytes[line.value]
            switch EventField(bytes[line.name]) {
            case .data:
                if data == nil { data = [] } else { data?.append(.lineFeed) }
                data?.append(contentsOf: value)
            case .event:
                event = value.isEmpty ? nil : String(decoding: value, as: UTF8.self)
            // A value with NUL, and a time that is not all digits, are ignored.
            case .id:
                if !value.contains(0) { id = String(decoding: value, as: UTF8.self) }
            case .retry:
                let isNumber = !value.isEmpty && value.allSatisfy { (0x30...0x39).contains($0) }
                if isNumber { retry = Int(String(decoding: value, as: UTF8.self)) ?? retry }
            case nil: continue
            }
        }
        self.bytes = bytes
        self.contentStart = contentStart
        self.data = data
        self.event = event
        self.id = id
        self.retry = retry
    }
}

/// The fields that a client knows; every other line is a comment to it.
enum EventField {
    case data, event, id, retry

    /// The field of that name, byte for byte.
    init?(_ name: ArraySlice<UInt8>) {
        switch name.count {
        case 2 where name.elementsEqual("id".utf8): self = .id
        case 4 where name.elementsEqual("data".utf8): self = .data
        case 5 where name.elementsEqual("event".utf8): self = .event
        case 5 where name.elementsEqual("retry".utf8): self = .retry
        default: return nil
        }
    }
}

extension EventStreamEvent {
    /// The bytes of this event with other data, or another id, and every other line as it was.
    ///
    /// What is given takes the place of all lines of its field, nil leaves them; an id that cannot
    /// be written is left out.
    package func rewritten(data: [UInt8]? = nil, id: String? = nil) -> [UInt8] {
        var newData = data.map { Self.lines(ofData: $0) }
        var newID = id.map { Self.line("id", $0) }
        var result = Array(bytes[..<contentStart])
        for line in EventStreamLines(of: bytes, from: contentStart) {
            let field = EventField(bytes[line.name])
            let isLast = line.whole.upperBound == bytes.count
            if isLast || (field == .id && id != nil) {
                result += newID ?? []
                newID = []
            }
            if isLast || (field == .data && data != nil) {
                result += newData ?? []
                newData = []
            }
            if field == .data && data != nil || field == .id && id != nil { continue }
            // The blank line is a line only as long as its LF does not end the one before it, which
            // it would where what stood between them is left out.
            if line.isBlank, bytes[line.whole.lowerBound] == .lineFeed,
                result.last == .carriageReturn
            {
                result.append(.lineFeed)
            }
            result += bytes[line.whole]
        }
        return result
    }

    /// The same event with another id, in the place of the one that it has.
    package func identified(as id: String) -> EventStreamEvent {
        EventStreamEvent(bytes: rewritten(id: id), isFirst: contentStart > 0)
    }

    /// The bytes of a new event.
    ///
    /// Line ends within `data` begin a new `data` line. A value of `event` or `id` that holds CR,
    /// LF or NUL could not be written without becoming something else and is left out.
    package static func encode(
        data: [UInt8]?, event: String? = nil, id: String? = nil, retry: Int? = nil
    ) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity((data?.count ?? 0) + 64)
        if let event { result += line("event", event) }
        if let id { result += line("id", id) }
        if let retry { result += line("retry", String(retry)) }
        if let data { result += lines(ofData: data) }
        result.append(.lineFeed)
        return result
    }

    private static func line(_ name: String, _ value: String) -> [UInt8] {
        let breaks: [UInt8] = [0, .lineFeed, .carriageReturn]
        guard !value.utf8.contains(where: breaks.contains) else { return [] }
        return Array("\(name): \(value)\n".utf8)
    }

    private static func lines(ofData data: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(data.count + 16)
        var start = 0
        while true {
            let rest = start
            let end = unsafe data.withUnsafeBytes { unsafe $0.firstLineEnd(from: rest) }
            result += "data: ".utf8
            result += data[start..<(end ?? data.count)]
            result.append(.lineFeed)
            guard let end else { return result }
            let isPair = data[end] == .carriageReturn && data[(end + 1)...].first == .lineFeed
            start = end + (isPair ? 2 : 1)
        }
    }
}
