import Foundation
import Logging
import Testing

@testable import Gateway

@Suite("JSON log handler") struct JSONLogHandlerTests {
    @Test func `an event is one line with its fields`() throws {
        let line = try line(
            level: .warning, "upstream refused its credential",
            metadata: [
                "server": "tickets", "status": .stringConvertible(401), "retry": "\(false)",
                "again": .stringConvertible(true), "tried": .array(["a", "b"]),
                "upstream": .dictionary(["port": .stringConvertible(9000), "host": "h"]),
            ])
        #expect(
            line == """
                {"time":"1970-01-01T00:00:00.000Z","level":"warning",\
                "message":"upstream refused its credential","fields":{"again":true,\
                "retry":"false","server":"tickets","status":401,"tried":["a","b"],\
                "upstream":{"host":"h","port":9000}}}

                """)
    }

    @Test func `an event without fields has none`() throws {
        #expect(
            try line(level: .info, "ready", metadata: nil) == """
                {"time":"1970-01-01T00:00:00.000Z","level":"info","message":"ready"}

                """)
    }

    @Test func `an error is said`() throws {
        let line = try line(level: .error, "failed", error: SampleError.broken, metadata: nil)
        #expect(try decodedObject(line)["error"] as? String == "broken")
    }

    @Test(arguments: HostileText.all)
    func `no message, name or value breaks or forges a line`(_ text: HostileText) throws {
        guard let string = String(validating: text.bytes, as: UTF8.self) else { return }
        let line = try line(
            level: .info, "\(string)", error: nil,
            metadata: [string: .string(string), "list": .array([.string(string)])])
        expectOneCleanLine(line)
        let object = try decodedObject(line)
        #expect(object.count == 4)
        #expect(object["message"] as? String == string)
        let fields = try #require(object["fields"] as? [String: Any])
        #expect(fields[string] as? String == string)
        #expect(fields["list"] as? [String] == [string])
    }

    @Test func `long, deep and many fields end at their limits`() throws {
        var deep: Logger.Metadata.Value = "end"
        for _ in 0..<100 { deep = .array([deep]) }
        var line = try line(level: .info, "m", metadata: ["deep": deep])
        #expect(line.contains("{\"deep\":[[[\"…\"]]]}"))

        line = try self.line(
            level: .info, "m", metadata: ["long": .string(String(repeating: "x", count: 100_000))])
        #expect(line.utf8.count < JSONLogHandler.textLimit + 200)

        let many = (0..<1000).map { ("k\($0)", Logger.Metadata.Value.string("v")) }
        line = try self.line(
            level: .info, "m", metadata: Logger.Metadata(uniqueKeysWithValues: many))
        let fields = try decodedObject(line)["fields"] as? [String: Any]
        #expect(fields?.count == JSONLogHandler.fieldLimit)
    }

    @Test func `the logger's fields give way to the event's`() throws {
        var handler = try handler()
        handler[metadataKey: "a"] = "logger"
        handler[metadataKey: "b"] = "logger"
        handler.metadataProvider = .init { ["b": "provider", "c": "provider"] }
        var bytes: [UInt8] = []
        handler.append(
            event(level: .info, "m", metadata: ["c": "event"]), timeMilliseconds: 0, to: &bytes)
        let line = String(decoding: bytes, as: UTF8.self)
        #expect(line.contains(#""fields":{"a":"logger","b":"provider","c":"event"}"#))
    }

    @Test func `events below the level are not written`() async throws {
        let file = TemporaryFile()
        let sink = try LogSink(.file(path: file.path))
        var logger = Logger(label: "gatehouse") { _ in
            JSONLogHandler(sink: sink, level: .notice)
        }
        logger[metadataKey: "loop"] = "1"
        logger.info("not this")
        logger.notice("this")
        await sink.closeInBackground()
        let lines = file.lines
        #expect(lines.count == 1)
        #expect(lines.first?.contains(#""message":"this","fields":{"loop":"1"}"#) == true)
    }

    private func handler() throws -> JSONLogHandler {
        JSONLogHandler(sink: try LogSink(.file(path: "/dev/null")), level: .trace)
    }

    private func event(
        level: Logger.Level, _ message: Logger.Message, error: (any Error)? = nil,
        metadata: Logger.Metadata?
    ) -> LogEvent {
        LogEvent(
            level: level, message: message, error: error, metadata: metadata, source: nil,
            file: #fileID, function: #function, line: #line)
    }

    private func line(
        level: Logger.Level, _ message: Logger.Message, error: (any Error)? = nil,
        metadata: Logger.Metadata?
    ) throws -> String {
        var bytes: [UInt8] = []
        try handler().append(
            event(level: level, message, error: error, metadata: metadata), timeMilliseconds: 0,
            to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

private enum SampleError: Error {
    case broken
}
