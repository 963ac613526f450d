import MCP
import Testing

/// Feeds `pieces` one after another and returns the events with what is left over.
func events(
    _ pieces: [[UInt8]], limit: Int = 4 << 20
) throws(EventStreamViolation) -> (events: [EventStreamEvent], pending: Int) {
    var parser = EventStreamParser(limit: limit)
    var events: [EventStreamEvent] = []
    for piece in pieces {
        let (found, violation) = unsafe piece.withUnsafeBytes { input in
            var found: [EventStreamEvent] = []
            var offset = 0
            do throws(EventStreamViolation) {
                while let event = try unsafe parser.next(input, &offset) { found.append(event) }
            } catch {
                return (found, EventStreamViolation?.some(error))
            }
            #expect(offset == input.count)
            return (found, nil)
        }
        events += found
        if let violation { throw violation }
    }
    return (events, parser.pendingCount)
}

/// What a client sees of an event.
struct Seen: Sendable, Hashable, CustomTestStringConvertible {
    var data: String?
    var event: String?
    var id: String?
    var retry: Int?
    var testDescription: String { "\(event ?? "-") \(id ?? "-") \(data ?? "-")" }

    init(_ data: String?, event: String? = nil, id: String? = nil, retry: Int? = nil) {
        self.data = data
        self.event = event
        self.id = id
        self.retry = retry
    }

    init(_ event: EventStreamEvent) {
        self.init(
            event.data.map { text($0) }, event: event.event, id: event.id, retry: event.retry)
    }

    /// Whether nothing is set, as in a lone blank line.
    var isNothing: Bool { self == Seen(nil) }
}

@Suite("Event streams") struct EventStreamTests {
    /// Streams with LF as the line end, and what a client sees of them.
    static let streams: [(String, [Seen])] = [
        ("data: a\n\n", [Seen("a")]),
        ("data:a\n\n", [Seen("a")]),
        ("data:  a\n\n", [Seen(" a")]),
        ("data\n\n", [Seen("")]),
        ("data:\n\n", [Seen("")]),
        ("data: a\ndata: b\n\n", [Seen("a\nb")]),
        ("data\ndata\n\n", [Seen("\n")]),
        ("data: a:b: c\n\n", [Seen("a:b: c")]),
        ("event: message\ndata: {}\n\n", [Seen("{}", event: "message")]),
        ("event:\ndata: a\n\n", [Seen("a")]),
        ("event: x\nevent: y\ndata: a\n\n", [Seen("a", event: "y")]),
        ("id: 7\ndata: a\n\n", [Seen("a", id: "7")]),
        ("id\ndata: a\n\n", [Seen("a", id: "")]),
        ("id: 1\nid: a\u{0}b\ndata: a\n\n", [Seen("a", id: "1")]),
        ("retry: 1500\n\n", [Seen(nil, retry: 1500)]),
        ("retry: 1s\n\n", [Seen(nil)]),
        ("retry:\n\n", [Seen(nil)]),
        ("retry: -1\n\n", [Seen(nil)]),
        ("retry: 99999999999999999999\n\n", [Seen(nil)]),
        (": ping\n\n", [Seen(nil)]),
        (":\n\ndata: a\n\n", [Seen(nil), Seen("a")]),
        ("id: 5\ndata:\n\n", [Seen("", id: "5")]),
        ("Data: a\nDATA: b\ndata : c\n data: d\n\n", [Seen(nil)]),
        ("foo: a\nbar\ndata: b\n\n", [Seen("b")]),
        ("\u{FEFF}data: a\n\ndata: b\n\n", [Seen("a"), Seen("b")]),
        ("\u{FEFF}\u{FEFF}data: a\n\n", [Seen(nil)]),
        ("data: a\n\n\u{FEFF}data: b\n\n", [Seen("a"), Seen(nil)]),
        ("data: \u{2028}x\u{85}\u{B}\u{C}y\n\n", [Seen("\u{2028}x\u{85}\u{B}\u{C}y")]),
        ("data: 0123456789abcdef\ndata: 0123456\n\n", [Seen("0123456789abcdef\n0123456")]),
        ("event: endpoint\ndata: /messages?s=1\n\n", [Seen("/messages?s=1", event: "endpoint")]),
    ]

    static let lineEnds = ["\n", "\r", "\r\n"]

    static func bytes(_ stream: String, _ lineEnd: String) -> [UInt8] {
        Array(stream.utf8).flatMap { $0 == 10 ? Array(lineEnd.utf8) : [$0] }
    }

    @Test(arguments: streams, lineEnds)
    func `a stream gives its events wherever it is split`(
        _ row: (String, [Seen]), _ lineEnd: String
    ) throws {
        let stream = Self.bytes(row.0, lineEnd)
        for split in 0...stream.count {
            let pieces = [Array(stream[..<split]), Array(stream[split...])]
            let result = try events(pieces)
            #expect(
                result.events.map { Seen($0) }.filter { !$0.isNothing }
                    == row.1.filter { !$0.isNothing }, "split at \(split)")
            let rest = result.events.reduce(0) { $0 + $1.bytes.count } + result.pending
            #expect(rest == stream.count)
            #expect(stream.starts(with: result.events.flatMap(\.bytes)))
        }
        let byByte = try events(stream.map { [$0] })
        #expect(
            byByte.events.map { Seen($0) }.filter { !$0.isNothing }
                == row.1.filter { !$0.isNothing })
        #expect(try events([stream]).events.map { Seen($0) } == row.1)
    }

    @Test(arguments: 0..<64)
    func `line ends may be mixed and split at any byte`(_ seed: UInt64) throws {
        var random = SmallRandom(state: seed)
        let text = "event: e\ndata: {\"a\":1}\ndata\nid: 4\n\n: c\n\ndata: b\n\n"
        var stream: [UInt8] = []
        var lastEnd = ""
        for byte in text.utf8 {
            guard byte == 10 else {
                stream.append(byte)
                lastEnd = ""
                continue
            }
            var end = Self.lineEnds[Int(random.next() % 3)]
            // CR before LF would be one line end.
            if lastEnd == "\r", end == "\n" { end = "\r" }
            stream += end.utf8
            lastEnd = end
        }
        for split in 0...stream.count {
            let result = try events([Array(stream[..<split]), Array(stream[split...])])
            let seen = result.events.map { Seen($0) }.filter { !$0.isNothing }
            #expect(seen == [Seen("{\"a\":1}\n", event: "e", id: "4"), Seen("b")])
        }
    }

    @Test(arguments: [
        "data: a\n\n", "data: a\r\r", "data: a\r\n\r", "data: a\n\r", "data: a\r\n\n",
    ])
    func `an event is there with the last byte that it needs`(_ stream: String) throws {
        let bytes = Array(stream.utf8)
        #expect(try events([bytes]).events.map { text($0.bytes) } == [stream])
        #expect(try events([Array(bytes.dropLast())]).events.isEmpty)
    }

    @Test func `a late LF is handed over at once and dispatches nothing`() throws {
        let pieces = ["data: a\r\n\r", "\ndata: b\r\n\r", "\n"].map { Array($0.utf8) }
        let result = try events(pieces)
        #expect(
            result.events.map { text($0.bytes) } == ["data: a\r\n\r", "\n", "data: b\r\n\r", "\n"])
        #expect(result.events.map { Seen($0) } == [Seen("a"), Seen(nil), Seen("b"), Seen(nil)])
        #expect(result.pending == 0)
    }

    @Test func `each blank line is a block of its own`() throws {
        let result = try events([Array("\n\r\n\rdata: a\n\n\n".utf8)])
        #expect(result.events.map { text($0.bytes) } == ["\n", "\r\n", "\r", "data: a\n\n", "\n"])
    }

    @Test(arguments: ["data: a", "data: a\n", "data: a\r", "data: a\r\n", "id: 1\ndata: a\nx"])
    func `what has no blank line is no event`(_ stream: String) throws {
        let result = try events([Array(stream.utf8)])
        #expect(result.events.isEmpty)
        #expect(result.pending == stream.utf8.count)
    }

    @Test func `an event may be as large as the limit and no larger`() throws {
        let stream = Array("data: 3456789\n\n".utf8)
        #expect(try events([stream], limit: 15).events.count == 1)
        for split in 0...stream.count {
            let pieces = [Array(stream[..<split]), Array(stream[split...])]
            #expect(throws: EventStreamViolation.eventTooLarge(limit: 14)) {
                try events(pieces, limit: 14)
            }
        }
        #expect(throws: EventStreamViolation.eventTooLarge(limit: 14)) {
            try events([Array("data: 345678901".utf8)], limit: 14)
        }
        let many = Array(repeating: stream, count: 50)
        #expect(try events(many, limit: 15).events.count == 50)
    }

    @Test func `the usual limit is 4 MiB`() throws {
        #expect(EventStreamParser().limit == 4_194_304)
    }
}

/// A generator whose numbers are the same in every run.
struct SmallRandom {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }
}
