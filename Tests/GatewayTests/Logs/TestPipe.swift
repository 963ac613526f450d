import Foundation

/// A pipe whose reader sleeps until it is asked to read.
struct TestPipe: Sendable {
    let readEnd: Int32
    let writeEnd: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        unsafe pipe(&ends)
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    func makeNonBlocking() { _ = fcntl(writeEnd, F_SETFL, O_NONBLOCK) }
    func closeReadEnd() { close(readEnd) }
    func closeWriteEnd() { close(writeEnd) }

    /// How many bytes wait to be read.
    var waitingBytes: Int {
        var count: Int32 = 0
        _ = unsafe withUnsafeMutablePointer(to: &count) {
            unsafe ioctl(readEnd, UInt(FIONREAD), $0)
        }
        return Int(count)
    }

    /// Reads on a thread of its own until the last writer is gone, then closes the reading end.
    func readInBackground() -> Task<String, Never> {
        Task {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    let handle = FileHandle(fileDescriptor: readEnd, closeOnDealloc: true)
                    let data = (try? handle.readToEnd()) ?? Data()
                    continuation.resume(returning: String(decoding: data, as: UTF8.self))
                }
            }
        }
    }
}
