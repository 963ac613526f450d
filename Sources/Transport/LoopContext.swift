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

    /// The monotonic time, in nanoseconds, at which the event that is being handled came: one look at the
    /// clock for all that happens in its wake.
    package var now: UInt64 { time.now }

    private let time: LoopTime
    let base: OpaquePointer
    let readBuffer: UnsafeMutableRawBufferPointer
    /// Where a head and a short body are put together: one `send` costs less than a `writev` of both.
    let joinBuffer: UnsafeMutableRawBufferPointer
    /// Set while somebody looks into the read buffer: nobody else may read then.
    var isReadBufferInUse = false

    /// Bytes that one `read` takes at the most.
    package static let readBufferSize = 256 << 10
    /// Bytes of a head and a body that are put together at the most.
    static let joinBufferSize = 8 << 10

    init(loop: EventLoop, base: OpaquePointer) {
        self.loop = loop
        unsafe self.base = unsafe base
        unsafe joinBuffer = .allocate(byteCount: Self.joinBufferSize, alignment: 64)
        unsafe readBuffer = .allocate(byteCount: Self.readBufferSize, alignment: 4096)
        let time = LoopTime()
        self.time = time
        self.deadlines = unsafe DeadlineWheel(base: base) { time.now = $0 }
    }

    deinit {
        unsafe readBuffer.deallocate()
        unsafe joinBuffer.deallocate()
    }

    /// Looks at the clock; at the beginning of every event.
    func refreshNow() { time.now = Clock.monotonic }

    func breakLoop() {
        unsafe event_base_loopbreak(base)
    }

    /// Ends what the loop's thread keeps when the loop has ended.
    func tearDown() {
        deadlines.tearDown()
        resident = nil
    }
}

/// The time of a loop, which its wheel and its sockets set.
private final class LoopTime {
    var now = Clock.monotonic
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
