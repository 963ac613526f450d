import Testing

@testable import Gateway

@Suite("Line buffer", .timeLimit(.minutes(1))) struct LineBufferTests {
    @Test func `lines wait until there are enough for a batch`() async throws {
        let file = TemporaryFile()
        let sink = try LogSink(.file(path: file.path))
        let line = [UInt8](repeating: 0x78, count: 1023) + [0x0A]
        let buffer = LineBuffer(sink: sink)
        for _ in 0..<31 { buffer.appendLine { $0.append(contentsOf: line) } }
        #expect(!buffer.isEmpty)
        #expect(sink.statistics.queuedBytes == 0)
        buffer.appendLine { $0.append(contentsOf: line) }
        #expect(buffer.isEmpty)
        #expect(await eventually { file.lines.count == 32 })
    }

    @Test func `a flush hands over what there is`() async throws {
        let file = TemporaryFile()
        let sink = try LogSink(.file(path: file.path))
        let log = AccessLog(sink: sink)
        log.flush()
        #expect(log.isEmpty)
        var generator = RequestIdentifierGenerator()
        let identifier = generator.next()
        log.record(AccessLogEntry(timeMilliseconds: 0, requestID: identifier))
        #expect(!log.isEmpty)
        log.flush()
        #expect(log.isEmpty)
        await sink.closeInBackground()
        #expect(file.lines.count == 1)
        #expect(file.lines.first?.contains(identifier.description) == true)
    }

    @Test func `a dropped batch counts all of its lines`() async throws {
        let sink = try LogSink(.file(path: "/dev/null"))
        await sink.closeInBackground()
        let buffer = LineBuffer(sink: sink)
        for _ in 0..<7 { buffer.appendLine { $0.append(0x0A) } }
        buffer.flush()
        buffer.flush()
        #expect(sink.statistics.droppedLines == 7)
    }
}
