import CLibevent
import Glibc

/// A timer of a loop; it ends when the object goes.
@safe package final class LoopTimer {
    private var timer: UnsafeMutablePointer<event>?
    private let repeats: Bool
    private let fire: () -> Void

    /// Calls `fire` on the loop every `interval` nanoseconds.
    package convenience init(
        _ context: LoopContext, every interval: UInt64, _ fire: @escaping () -> Void
    ) {
        unsafe self.init(base: context.base, every: interval) {
            context.refreshNow()
            fire()
        }
    }

    /// Calls `fire` on the loop once, after `delay` nanoseconds.
    package convenience init(
        _ context: LoopContext, after delay: UInt64, _ fire: @escaping () -> Void
    ) {
        unsafe self.init(base: context.base, every: delay, repeats: false) {
            context.refreshNow()
            fire()
        }
    }

    init(
        base: OpaquePointer, every interval: UInt64, repeats: Bool = true,
        _ fire: @escaping () -> Void
    ) {
        self.repeats = repeats
        self.fire = fire
        let flags = repeats ? Int16(EV_PERSIST) : 0
        unsafe timer = unsafe event_new(
            base, -1, flags,
            { _, _, argument in
                guard let argument = unsafe argument else { return }
                let timer = unsafe Unmanaged<LoopTimer>.fromOpaque(argument).takeUnretainedValue()
                timer.fire()
            }, Unmanaged.passUnretained(self).toOpaque())
        var time = timeval(
            tv_sec: Int(interval / 1_000_000_000),
            tv_usec: Int(interval % 1_000_000_000 / 1000))
        if let timer = unsafe timer { unsafe event_add(timer, &time) }
    }

    deinit { cancel() }

    /// Ends the timer; `fire` is not called again.
    package func cancel() {
        if let timer = unsafe timer { unsafe event_free(timer) }
        unsafe timer = nil
    }
}

/// A signal that is delivered on a loop; it ends when the object goes.
@safe package final class SignalWatcher {
    private var watcher: UnsafeMutablePointer<event>?
    private let receive: () -> Void

    /// Calls `receive` on the loop for each arrival of the signal.
    package init(_ context: LoopContext, _ signal: Int32, _ receive: @escaping () -> Void) {
        self.receive = receive
        unsafe watcher = unsafe event_new(
            context.base, signal, Int16(EV_SIGNAL | EV_PERSIST),
            { _, _, argument in
                guard let argument = unsafe argument else { return }
                unsafe Unmanaged<SignalWatcher>.fromOpaque(argument).takeUnretainedValue()
                    .receive()
            }, Unmanaged.passUnretained(self).toOpaque())
        if let watcher = unsafe watcher { unsafe event_add(watcher, nil) }
    }

    deinit {
        if let watcher = unsafe watcher { unsafe event_free(watcher) }
    }
}
