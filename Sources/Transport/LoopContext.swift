import CLibevent
import Glibc

/// What belongs to one event loop's thread: the base, the shared read buffer, the deadlines.
///
/// It is not `Sendable`; code that holds it runs on the loop.
@safe package final class LoopContext {
    /// The loop that this is the inside of.
    package let loop: EventLoop
    /// What the loop's owner keeps here, so that work handed over finds it.
    package var resident: AnyObject?
    /// Connections with a deadline.
    package let deadlines: DeadlineWheel

    let base: OpaquePointer
    let readBuffer: UnsafeMutableRawBufferPointer
    /// Set while somebody looks into the read buffer: nobody else may read then.
    var isReadBufferInUse = false

    /// Bytes that one `read` takes at the most.
    package static let readBufferSize = 256 << 10

    init(loop: EventLoop, base: OpaquePointer) {
        self.loop = loop
        unsafe self.base = unsafe base
        unsafe readBuffer = .allocate(byteCount: Self.readBufferSize, alignment: 4096)
        self.deadlines = unsafe DeadlineWheel(base: base)
    }

    deinit { unsafe readBuffer.deallocate() }

    func breakLoop() {
        unsafe event_base_loopbreak(base)
    }

    /// Ends what the loop's thread keeps when the loop has ended.
    func tearDown() {
        deadlines.tearDown()
        resident = nil
    }
}

/// The clocks that the program reads.
package enum Clock {
    /// Nanoseconds of the monotonic clock; for durations and deadlines.
    @inline(__always)
    package static var monotonic: UInt64 { read(CLOCK_MONOTONIC) }

    /// Nanoseconds since 1970 of the wall clock; for token lifetimes and logs.
    @inline(__always)
    package static var wall: UInt64 { read(CLOCK_REALTIME) }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
