import Foundation
import Storage
import Synchronization
import Testing

@testable import Gateway

@Suite("Audit sink", .timeLimit(.minutes(2))) struct AuditSinkTests {
    private static func batch(_ text: String, block: Int64) -> AuditBatch {
        AuditBatch(
            bytes: Array("\(text)\n".utf8), lineCount: 1,
            head: AuditHead(
                chain: "c", block: block, sequence: block, mac: [], isClosed: false, writtenAt: 0))
    }

    private static func sink(
        _ destination: AuditDestination, denies: Bool = true, _ report: AuditSink.Reporter? = nil
    ) throws -> AuditSink {
        try AuditSink(
            destination, deniesOnFailure: denies, checkpointInterval: 1_000_000_000,
            report: report ?? { _ in })
    }

    @Test func `what is written is told once it is on the disk, and never before`() async throws {
        let file = TemporaryFile()
        let heads = Mutex<[AuditHead]>([])
        let sink = try Self.sink(.file(path: file.path)) { report in
            if case .written(let written) = report { heads.withLock { $0 += written } }
        }
        sink.submit(Self.batch("one", block: 1))
        sink.submit(Self.batch("two", block: 2))
        #expect(await eventually { heads.withLock { $0.last?.block } == 2 })
        #expect(file.lines == ["one", "two"])
        #expect(sink.statistics.lines == 2 && sink.statistics.blocks == 2)
        #expect(sink.close(withinMilliseconds: 10_000).map(\.block) == [2])
    }

    @Test
    func `a device that is full makes it fail, and what was queued is not said to be written`()
        async throws
    {
        let failures = Mutex(0)
        let sink = try Self.sink(.file(path: "/dev/full")) { report in
            if case .failed = report { failures.withLock { $0 += 1 } }
        }
        #expect(!sink.mustRefuse)
        sink.submit(Self.batch("one", block: 1))
        #expect(await eventually { sink.isFailing })
        #expect(sink.mustRefuse && sink.hasRoom)
        #expect(await eventually { sink.statistics.failedWrites >= 2 })
        // A failure that goes on is told once.
        #expect(failures.withLock { $0 } == 1)
        #expect(sink.lastFailure?.code == ENOSPC)
        #expect(sink.close(withinMilliseconds: 10_000).isEmpty)
        #expect(sink.statistics.lines == 0)
    }

    @Test func `where requests go on nothing is refused, and room is bounded`() async throws {
        let sink = try Self.sink(.file(path: "/dev/full"), denies: false)
        let large = String(repeating: "x", count: AuditSink.queueLimit)
        sink.submit(Self.batch(large, block: 1))
        #expect(await eventually { sink.isFailing })
        #expect(!sink.mustRefuse && !sink.hasRoom)
        let log = AuditLog(sink: sink, keys: try AuditSample.makeKeys())
        log.record(AuditEntry(timeMilliseconds: 0, event: .decision))
        #expect(sink.statistics.lostLines == 1 && !log.isEmpty)
        _ = sink.close(withinMilliseconds: 10_000)
    }

    @Test func `a reader that went away is a failure, and another line is not torn`() async throws {
        let pipe = TestPipe()
        let sink = try Self.sink(.descriptor(pipe.writeEnd))
        let reading = pipe.readInBackground()
        sink.submit(Self.batch("one", block: 1))
        #expect(await eventually { sink.statistics.lines == 1 })
        _ = sink.close(withinMilliseconds: 10_000)
        pipe.closeWriteEnd()
        #expect(await reading.value == "one\n")
        let broken = TestPipe()
        broken.closeReadEnd()
        let other = try Self.sink(.descriptor(broken.writeEnd))
        other.submit(Self.batch("one", block: 1))
        #expect(await eventually { other.isFailing })
        #expect(other.lastFailure?.code == EPIPE)
        _ = other.close(withinMilliseconds: 10_000)
        broken.closeWriteEnd()
    }

    @Test func `a renamed file is left at the next opening, and its end is kept`() async throws {
        let file = TemporaryFile()
        let sink = try Self.sink(.file(path: file.path))
        sink.submit(Self.batch("one", block: 1))
        #expect(await eventually { sink.statistics.lines == 1 })
        try FileManager.default.moveItem(atPath: file.path, toPath: file.path + ".1")
        sink.reopen()
        sink.submit(Self.batch("two", block: 2))
        _ = sink.close(withinMilliseconds: 10_000)
        #expect(TemporaryFile.lines(at: file.path + ".1") == ["one"])
        #expect(file.lines == ["two"])
    }

    @Test func `a line that somebody was killed over is ended before the next`() async throws {
        let file = TemporaryFile()
        try Data("whole\ntorn".utf8).write(to: URL(filePath: file.path))
        let sink = try Self.sink(.file(path: file.path))
        sink.submit(Self.batch("next", block: 1))
        _ = sink.close(withinMilliseconds: 10_000)
        #expect(file.lines == ["whole", "torn", "next"])
    }

    @Test func `a file that cannot be opened is an error of the start`() {
        #expect(throws: AuditSinkFailure.self) {
            try Self.sink(.file(path: "/no/such/folder/log"))
        }
        #expect(throws: AuditSinkFailure.self) {
            try Self.sink(.syslog(socket: "/no/such/socket"))
        }
    }
}
