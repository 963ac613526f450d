import MCP
import Testing

@Suite("Event encoding") struct EventEncodingTests {
    @Test(
        arguments: [
            ("a", "data: a\n\n"), ("", "data: \n\n"), (" a", "data:  a\n\n"),
            ("a\nb", "data: a\ndata: b\n\n"), ("a\r\nb\rc", "data: a\ndata: b\ndata: c\n\n"),
            ("a\n\nid: 1", "data: a\ndata: \ndata: id: 1\n\n"), ("\n", "data: \ndata: \n\n"),
            ("a\u{0}b", "data: a\u{0}b\n\n"), ("a\r", "data: a\ndata: \n\n"),
        ])
    func `data never breaks out of its lines`(_ data: String, _ written: String) throws {
        let encoded = EventStreamEvent.encode(data: Array(data.utf8))
        #expect(text(encoded) == written)
        let read = try events([encoded]).events
        let joined = data.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        #expect(read.map { Seen($0) } == [Seen(joined)])
    }

    @Test func `all fields are written`() throws {
        let encoded = EventStreamEvent.encode(
            data: Array("{}".utf8), event: "message", id: "7", retry: 20)
        #expect(text(encoded) == "event: message\nid: 7\nretry: 20\ndata: {}\n\n")
        #expect(
            try events([encoded]).events.map { Seen($0) }
                == [Seen("{}", event: "message", id: "7", retry: 20)])
        #expect(text(EventStreamEvent.encode(data: nil)) == "\n")
    }

    @Test(arguments: ["a\nb", "a\rb", "a\u{0}b", "\n", "x\r\ndata: y"])
    func `an event or id that would break out is left out`(_ value: String) {
        let encoded = EventStreamEvent.encode(data: Array("d".utf8), event: value, id: value)
        #expect(text(encoded) == "data: d\n\n")
    }

    @Test(
        arguments: [
            ("data: a\n\n", "data: x\n\n"),
            (
                ": c\r\nevent: e\r\ndata: a\r\ndata: b\r\nid: 1\r\n\r\n",
                ": c\r\nevent: e\r\ndata: x\nid: 1\r\n\r\n"
            ),
            ("data: a\rid: 1\rdata: b\r\r", "data: x\nid: 1\r\r"),
            ("id: 1\n\n", "id: 1\ndata: x\n\n"),
            ("data: a\r: c\rdata: b\n\n", "data: x\n: c\r\n\n"),
            ("\u{FEFF}data: a\n\n", "\u{FEFF}data: x\n\n"),
        ])
    func `rewritten data leaves every other line as it was`(
        _ before: String, _ after: String
    ) throws {
        let event = try #require(try events([Array(before.utf8)]).events.first)
        #expect(text(event.rewritten(data: Array("x".utf8))) == after)
        #expect(event.rewritten() == event.bytes)
    }

    @Test(
        arguments: [
            ("id: 1\ndata: a\n\n", "id: s\ndata: a\n\n"),
            ("data: a\r\nid: 1\r\nid: 2\r\n\r\n", "data: a\r\nid: s\n\r\n"),
            ("data: a\n\n", "data: a\nid: s\n\n"),
            ("id: 1\rdata: a\rid: 2\n\n", "id: s\ndata: a\r\n\n"),
        ])
    func `a rewritten id leaves every other line as it was`(
        _ before: String, _ after: String
    ) throws {
        let event = try #require(try events([Array(before.utf8)]).events.first)
        #expect(text(event.rewritten(id: "s")) == after)
    }

    @Test func `an id that would break out is not written in the place of another`() throws {
        let event = try #require(try events([Array("id: 1\ndata: a\n\n".utf8)]).events.first)
        #expect(text(event.rewritten(id: "a\n\ndata: b")) == "data: a\n\n")
    }

    @Test func `the LF of the event before is no part of what is rewritten`() throws {
        let pieces = ["data: a\r\r", "\ndata: b\n\n"].map { Array($0.utf8) }
        let event = try #require(try events(pieces).events.last)
        #expect(text(event.rewritten(data: Array("x".utf8))) == "data: x\n\n")
    }
}
