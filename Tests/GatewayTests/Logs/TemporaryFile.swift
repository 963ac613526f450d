import Foundation

@testable import Gateway

/// A path in a folder of its own, which goes away with the value.
final class TemporaryFile: Sendable {
    let folder: String
    var path: String { folder + "/log" }

    init() {
        folder = FileManager.default.temporaryDirectory.path() + "gatehouse-" + UUID().uuidString
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Whether a descriptor of this process leads to the file.
    var isOpen: Bool {
        let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        return (descriptors ?? []).contains { descriptor in
            let link = "/proc/self/fd/" + descriptor
            return (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) == path
        }
    }

    var lines: [String] { Self.lines(at: path) }

    static func lines(at path: String) -> [String] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        return data.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }
}

extension LogSink {
    /// Closes the sink on a thread that may wait.
    @discardableResult
    func closeInBackground(withinMilliseconds patience: Int = 20_000) async -> Bool {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(returning: self.close(withinMilliseconds: patience))
            }
        }
    }
}

/// Waits until `condition` holds, for at most twenty seconds.
func eventually(_ condition: () -> Bool) async -> Bool {
    for _ in 0..<4000 {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return condition()
}
