import FuzzSupport
import MCP

/// What must hold of a stream of events.
struct StreamLaws {
    let bytes: [UInt8]
    var choices: Choices

    mutating func check() {
        let whole = events([bytes])
        let expected = ReferenceClient(bytes)
        check(whole, expected)
        // One kind of law for each input, so that more inputs are seen.
        switch choices.below(4) {
        case 0:
            let isBytewise = choices.once(in: 4)
            let place = choices.below(bytes.count + 1)
            check(events(isBytewise ? bytes.map { [$0] } : bytes.cut(at: [place])), expected)
        case 1: checkLimit(whole)
        case 2: for event in whole { check(event) }
        default: checkRewriting(whole, expected)
        }
    }

    /// The events of a stream that comes in pieces.
    private func events(_ pieces: [[UInt8]]) -> [EventStreamEvent] {
        var parser = EventStreamParser()
        var found: [EventStreamEvent] = []
        var taken: [UInt8] = []
        for piece in pieces {
            unsafe piece.withUnsafeBytes { input in
                var offset = 0
                while let event = try? unsafe parser.next(input, &offset) { found.append(event) }
                require(offset == input.count, "all of a piece is taken")
            }
        }
        for event in found { taken += event.bytes }
        require(bytes.starts(with: taken), "the events are the stream, byte for byte")
        require(bytes.count - taken.count == parser.pendingCount, "what is no event yet is kept")
        return found
    }

    /// What a client sees of the events is what it sees of the stream.
    private func check(_ events: [EventStreamEvent], _ expected: ReferenceClient) {
        var lastID = ""
        var messages: [ReferenceClient.Message] = []
        for event in events {
            if let id = event.id { lastID = id }
            guard let data = event.data else { continue }
            messages.append(
                .init(
                    data: data, event: Array((event.event ?? "").utf8), lastID: Array(lastID.utf8)))
        }
        // Names and ids are text, in which what is no UTF-8 is replaced.
        func readable(_ messages: [ReferenceClient.Message]) -> [ReferenceClient.Message] {
            messages.map { message in
                .init(
                    data: message.data,
                    event: Array(String(decoding: message.event, as: UTF8.self).utf8),
                    lastID: Array(String(decoding: message.lastID, as: UTF8.self).utf8))
            }
        }
        require(messages == readable(expected.messages), "a client sees the same messages")
        if events.contains(where: { $0.retry != nil }) {
            require(expected.retry != nil, "a time is a time to a client too")
        }
    }

    /// A parser never holds more than its limit, and gives what it gives without one.
    private mutating func checkLimit(_ whole: [EventStreamEvent]) {
        let limit = choices.below(48)
        var parser = EventStreamParser(limit: limit)
        var found: [EventStreamEvent] = []
        unsafe bytes.withUnsafeBytes { input in
            var offset = 0
            do throws(EventStreamViolation) {
                while let event = try unsafe parser.next(input, &offset) { found.append(event) }
                require(found == whole, "within the limit all is read")
            } catch {
                let isLarge =
                    whole.dropFirst(found.count).first.map { $0.bytes.count > limit }
                    ?? (bytes.count - found.reduce(0) { $0 + $1.bytes.count } > limit)
                require(isLarge, "what is refused is too large")
            }
        }
        require(parser.pendingCount <= limit, "no more is held than the limit")
        require(whole.starts(with: found), "the limit changes no event")
    }

    private func check(_ event: EventStreamEvent) {
        require(event.rewritten() == event.bytes, "without a change nothing changes")
        let written = EventStreamEvent.encode(
            data: event.data, event: event.event, id: event.id, retry: event.retry)
        let again = ReferenceClient(written)
        // A lone CR or LF cannot be within a line, so data that was read has neither but LF.
        require(
            again.messages.map(\.data) == (event.data.map { [$0] } ?? []),
            "what is encoded is read as it was")
        if let data = event.data, let message = again.messages.first {
            // NUL could be an id's only, and so is written in neither.
            let name = Array((event.event ?? "").utf8)
            require(message.event == (name.contains(0) ? [] : name), "so is its name")
            require(message.lastID == Array((event.id ?? "").utf8), "so is its id")
            require(event.bytes.count >= data.count, "no more data than came")
        }
    }

    /// Every event with other data, one after another, are the same stream with other data.
    private mutating func checkRewriting(
        _ whole: [EventStreamEvent], _ expected: ReferenceClient
    ) {
        var stream: [UInt8] = []
        var messages = expected.messages
        var index = 0
        for event in whole {
            // Any bytes may be in the place of the data: here, some of the input.
            let start = choices.below(bytes.count + 1)
            let data = Array(bytes[start..<min(bytes.count, start + 24)])
            guard event.data != nil else {
                stream += event.rewritten()
                continue
            }
            stream += event.rewritten(data: data)
            messages[index].data = Self.lines(data)
            index += 1
        }
        let rewritten = ReferenceClient(stream)
        require(rewritten.messages == messages, "other data stays data, and all else stays")
        // A client takes a time at once, also of an event that is never whole.
        require(rewritten.retry == ReferenceClient(whole.flatMap(\.bytes)).retry, "times stay")
    }

    /// Data as a client gets it, to which every line end is LF.
    private static func lines(_ data: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var isAfterCR = false
        for byte in data {
            if !(byte == 0x0A && isAfterCR) { result.append(byte == 0x0D ? 0x0A : byte) }
            isAfterCR = byte == 0x0D
        }
        return result
    }
}
