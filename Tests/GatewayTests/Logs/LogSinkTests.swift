import Foundation
import Synchronization
import Testing

@testable import Gateway

@Suite("Log sink", .timeLimit(.minutes(1))) struct LogSinkTests {
    @Test func `lines reach the file in order and whole`() async throws {
        let file = TemporaryFile()
        let sink = try LogSink(.file(path: file.path))
        for index in 0..<1000 { sink.submit(Array("line \(index)\n".utf8), lineCount: 1) }
        #expect(await sink.closeInBackground())
        #expect(file.lines == (0..<1000).map { "line \($0)" })
        #expect(sink.statistics == LogSinkStatistics())
    }

    @Test func `batches of several threads do not mix`() async throws {
        let file = TemporaryFile()
        let sink = try LogSink(.file(path: file.path))
        await withTaskGroup { group in
            for letter in "abcdefgh" {
                group.addTask {
                    let line = Array(String(repeating: letter, count: 3000).utf8) + [0x0A]
                    for _ in 0..<50 { sink.submit(line + line, lineCount: 2) }
                }
            }
        }
        await sink.closeInBackground()
        let lines = file.lines
        #expect(lines.count == 800)
        #expect(lines.allSatisfy { $0.utf8.count == 3000 && Set($0).count == 1 })
    }

    @Test func `an existing file is appended to`() async throws {
        let file = TemporaryFile()
        try Data("before\n".utf8).write(to: URL(filePath: file.path))
        let sink = try LogSink(.file(path: file.path))
        sink.submit(Array("after\n".utf8), lineCount: 1)
        await sink.closeInBackground()
        #expect(file.lines == ["before", "after"])
    }

    @Test func `a file that cannot be opened is an error`() {
        let path = "/nonexistent/folder/log"
        #expect(throws: LogSinkError.openFailed(path: path, code: ENOENT)) {
            try LogSink(.file(path: path))
        }
    }

    @Test(arguments: [false, true])
    func `a full pipe does not hold up the caller`(_ isNonBlocking: Bool) async throws {
        let pipe = TestPipe()
        if isNonBlocking { pipe.makeNonBlocking() }
        let sink = try LogSink(.descriptor(pipe.writeEnd), queueLimit: 256 * 1024)
        let line = String(repeating: "x", count: 9999)
        let batch = Array((line + "\n" + line + "\n").utf8)
        var dropped = 0
        let began = ContinuousClock.now
        for _ in 0..<1000 {
            if !sink.submit(batch, lineCount: 2) { dropped += 2 }
            #expect(sink.statistics.queuedBytes <= 256 * 1024)
        }
        #expect(ContinuousClock.now - began < .seconds(5))
        #expect(dropped > 1000)
        #expect(sink.statistics.droppedLines == dropped)

        let received = pipe.readInBackground()
        #expect(await sink.closeInBackground())
        pipe.closeWriteEnd()
        let lines = await received.value.split(separator: "\n").map(String.init)
        let reports = lines.filter { $0 != line }
        #expect(lines.count { $0 == line } == 2000 - dropped)
        #expect(lines.count == 2000 - dropped + reports.count)
        let reported = try reports.map { report in
            let object = try decodedObject(report)
            #expect(object["message"] as? String == "log lines were dropped")
            return (object["fields"] as? [String: Int])?["lines"] ?? 0
        }
        #expect(reported.reduce(0, +) == dropped)
    }

    @Test func `closing does not wait for ever`() async throws {
        let pipe = TestPipe()
        let sink = try LogSink(.descriptor(pipe.writeEnd))
        sink.submit([UInt8](repeating: 0x78, count: 200_000) + [0x0A], lineCount: 1)
        #expect(await sink.closeInBackground(withinMilliseconds: 50) == false)
        let received = pipe.readInBackground()
        #expect(await sink.closeInBackground())
        pipe.closeWriteEnd()
        #expect(await received.value.utf8.count == 200_001)
    }

    @Test func `a closed sink takes nothing more`() async throws {
        let file = TemporaryFile()
        let sink = try LogSink(.file(path: file.path))
        #expect(await sink.closeInBackground())
        #expect(sink.submit(Array("late\n".utf8), lineCount: 1) == false)
        sink.reopen()
        #expect(sink.statistics.droppedLines == 1)
        #expect(file.lines.isEmpty)
    }

    @Test func `a reader that went away costs lines and not the process`() async throws {
        let pipe = TestPipe()
        let sink = try LogSink(.descriptor(pipe.writeEnd))
        pipe.closeReadEnd()
        sink.submit(Array("a\nb\n".utf8), lineCount: 2)
        #expect(await sink.closeInBackground())
        #expect(sink.statistics.droppedLines == 2)
        #expect(sink.statistics.failedWrites == 1)
        #expect(sink.statistics.queuedBytes == 0)
        pipe.closeWriteEnd()
    }

    @Test func `a full disk costs lines and not the process`() async throws {
        let sink = try LogSink(.file(path: "/dev/full"))
        sink.submit(Array("a\nb\nc\n".utf8), lineCount: 3)
        #expect(await sink.closeInBackground())
        #expect(sink.statistics.droppedLines == 3)
        #expect(sink.statistics.failedWrites == 1)
    }

    @Test func `a line that an error cut short is ended before the next`() async throws {
        let first = TestPipe()
        let second = TestPipe()
        let sink = try LogSink(.descriptor(first.writeEnd))
        let long = [UInt8](repeating: 0x78, count: 100_000) + [0x0A]
        sink.submit(long, lineCount: 1)
        #expect(await eventually { first.waitingBytes >= 65_536 })
        first.closeReadEnd()
        #expect(await eventually { sink.statistics.failedWrites == 1 })

        dup2(second.writeEnd, first.writeEnd)
        sink.submit(Array("next\n".utf8), lineCount: 1)
        await sink.closeInBackground()
        first.closeWriteEnd()
        second.closeWriteEnd()
        let text = await second.readInBackground().value
        #expect(text.hasPrefix("\nnext\n{"))
        #expect(text.hasSuffix("\"fields\":{\"lines\":1}}\n"))
    }

    @Test func `a renamed file is left for a new one`() async throws {
        let file = TemporaryFile()
        let sink = try LogSink(.file(path: file.path))
        sink.submit(Array("one\n".utf8), lineCount: 1)
        #expect(await eventually { file.lines == ["one"] })
        let renamed = file.path + ".1"
        try FileManager.default.moveItem(atPath: file.path, toPath: renamed)
        sink.submit(Array("two\n".utf8), lineCount: 1)
        #expect(await eventually { TemporaryFile.lines(at: renamed) == ["one", "two"] })

        sink.reopen()
        sink.submit(Array("three\n".utf8), lineCount: 1)
        await sink.closeInBackground()
        #expect(TemporaryFile.lines(at: renamed) == ["one", "two"])
        #expect(file.lines == ["three"])
        #expect(sink.statistics == LogSinkStatistics())
    }

    @Test func `a file that cannot be opened again stays in use`() async throws {
        let file = TemporaryFile()
        let sink = try LogSink(.file(path: file.path))
        let moved = file.folder + ".moved"
        defer { try? FileManager.default.removeItem(atPath: moved) }
        try FileManager.default.moveItem(atPath: file.folder, toPath: moved)
        sink.reopen()
        sink.submit(Array("still\n".utf8), lineCount: 1)
        await sink.closeInBackground()
        #expect(sink.statistics.failedReopens == 1)
        #expect(TemporaryFile.lines(at: moved + "/log") == ["still"])
    }

    @Test func `a sink that is let go writes what it has and closes its file`() async throws {
        let file = TemporaryFile()
        try LogSink(.file(path: file.path)).submit(Array("last\n".utf8), lineCount: 1)
        #expect(await eventually { file.lines == ["last"] })
        #expect(await eventually { !file.isOpen })
    }
}
