import CLibevent
import Glibc
import Synchronization

/// One libevent loop on one thread, usable as an executor for actors and tasks.
///
/// The object is the loop's address: any thread may hold it and hand work over. What belongs to the
/// loop's thread alone lives in its ``LoopContext``.
@safe package final class EventLoop: SerialExecutor, TaskExecutor {
    /// Jobs taken from the inbox before sockets get their turn again.
    private static let batchLimit = 64

    private enum Entry: Sendable {
        case job(UnownedJob)
        case work(@Sendable (LoopContext) -> Void)
    }

    private struct Inbox: Sendable {
        var entries: [Entry] = []
        /// Whether a wake-up is under way; also before the loop runs, which looks for itself.
        var isArmed = true
        var isClosed = false
        var hasEnded = false
        var whenEnded: [@Sendable () -> Void] = []
    }

    private let pointers: LoopPointers
    private let inbox = Mutex(Inbox())
    private let threadID = Atomic<Int32>(0)

    /// The name of the loop's thread, at most 15 bytes.
    package let name: String

    /// Makes a loop that does not run yet.
    ///
    /// - Throws: ``TransportFailure`` when libevent gives no base.
    package init(name: String) throws(TransportFailure) {
        self.name = name
        self.pointers = try LoopPointers()
    }

    deinit { pointers.free() }

    /// Starts the loop's thread; `setUp` is the first thing that runs on it.
    package func start(_ setUp: @escaping @Sendable (LoopContext) -> Void) throws(TransportFailure)
    {
        try startThread(name: name) { [self] in run(setUp) }
    }

    /// Runs the loop on the calling thread until ``stop()``.
    package func run(_ setUp: @Sendable (LoopContext) -> Void) {
        threadID.store(gh_thread_id(), ordering: .releasing)
        let context = unsafe LoopContext(loop: self, base: unsafe pointers.base)
        let arrival = Arrival(loop: self, context: context)
        unsafe event_assign(
            pointers.wake, pointers.base, -1, Int16(EV_PERSIST),
            { _, _, argument in
                guard let argument = unsafe argument else { return }
                unsafe Unmanaged<Arrival>.fromOpaque(argument).takeUnretainedValue().drain()
            }, Unmanaged.passUnretained(arrival).toOpaque())
        unsafe event_add(pointers.wake, nil)
        setUp(context)
        let isWaiting = inbox.withLock { inbox in
            inbox.isArmed = !inbox.entries.isEmpty
            return inbox.isArmed
        }
        if isWaiting { wake() }
        unsafe event_base_loop(pointers.base, EVLOOP_NO_EXIT_ON_EMPTY)
        close(context)
        withExtendedLifetime(arrival) {}
        let waiting = inbox.withLock { inbox in
            inbox.hasEnded = true
            return inbox.whenEnded
        }
        for body in waiting { body() }
    }

    /// Calls `body` once the loop has ended, on its thread, or at once if it has.
    package func ended(_ body: @escaping @Sendable () -> Void) {
        let hasEnded = inbox.withLock { inbox in
            if !inbox.hasEnded { inbox.whenEnded.append(body) }
            return inbox.hasEnded
        }
        if hasEnded { body() }
    }

    /// Makes ``run(_:)`` return once the work handed over so far has run.
    package func stop() {
        execute { context in context.breakLoop() }
    }

    /// Hands work to the loop's thread; it runs in the order of handing over.
    package func execute(_ work: @escaping @Sendable (LoopContext) -> Void) {
        append(.work(work))
    }

    /// Runs `work` on the loop and returns what it returns.
    package func visit<Value: Sendable>(
        _ work: @escaping @Sendable (LoopContext) -> Value
    ) async -> Value {
        await withCheckedContinuation { continuation in
            execute { context in continuation.resume(returning: work(context)) }
        }
    }

    /// Whether the caller is on the loop's thread.
    package var isCurrent: Bool { threadID.load(ordering: .acquiring) == gh_thread_id() }

    // MARK: Executor

    package func enqueue(_ job: consuming ExecutorJob) {
        append(.job(UnownedJob(job)))
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }

    package func asUnownedTaskExecutor() -> UnownedTaskExecutor {
        unsafe UnownedTaskExecutor(ordinary: self)
    }

    package func isIsolatingCurrentContext() -> Bool? { isCurrent }

    package func checkIsolated() {
        precondition(isCurrent, "the caller is not on the thread of this event loop")
    }

    // MARK: Inbox

    private func append(_ entry: Entry) {
        let mustWake = inbox.withLock { inbox in
            guard !inbox.isClosed else { return false }
            inbox.entries.append(entry)
            guard !inbox.isArmed else { return false }
            inbox.isArmed = true
            return true
        }
        if mustWake { wake() }
    }

    private func wake() {
        unsafe event_active(pointers.wake, Int32(EV_TIMEOUT), 0)
    }

    /// Runs a bounded batch, so that a flood of jobs cannot starve the sockets.
    fileprivate func drain(_ context: LoopContext) {
        let batch = inbox.withLock { inbox in
            let batch = Array(inbox.entries.prefix(Self.batchLimit))
            inbox.entries.removeFirst(batch.count)
            inbox.isArmed = !inbox.entries.isEmpty
            return batch
        }
        perform(batch, context)
        guard inbox.withLock({ $0.isArmed && !$0.entries.isEmpty }) else { return }
        wake()
        // libevent would run what it is given meanwhile before it looks at sockets and timers again.
        unsafe event_base_loopcontinue(pointers.base)
    }

    /// Runs what is left when the loop has ended, so that no continuation is lost.
    private func close(_ context: LoopContext) {
        while true {
            let batch = inbox.withLock { inbox in
                let batch = inbox.entries
                inbox.entries = []
                inbox.isClosed = batch.isEmpty
                return batch
            }
            if batch.isEmpty { break }
            perform(batch, context)
        }
        unsafe event_del(pointers.wake)
        context.tearDown()
    }

    private func perform(_ batch: [Entry], _ context: LoopContext) {
        context.refreshNow()
        for entry in batch {
            switch entry {
            case .work(let work): work(context)
            case .job(let job):
                unsafe job.runSynchronously(
                    isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
            }
        }
    }
}

/// The two ends that meet when the wake-up event fires.
private final class Arrival {
    private let loop: EventLoop
    private let context: LoopContext

    init(loop: EventLoop, context: LoopContext) {
        self.loop = loop
        self.context = context
    }

    func drain() { loop.drain(context) }
}

/// The C objects of a loop.
///
/// libevent locks the base (`evthread_use_pthreads`), and the only call
/// that other threads make is `event_active` on the wake-up event.
@safe private struct LoopPointers: @unchecked Sendable {
    let base: OpaquePointer
    let wake: UnsafeMutablePointer<event>

    private static let threadSupport: Int32 = evthread_use_pthreads()

    init() throws(TransportFailure) {
        guard Self.threadSupport == 0 else {
            throw TransportFailure(attempt: "enable libevent's thread support", code: 0)
        }
        guard let base = unsafe event_base_new() else {
            throw TransportFailure(attempt: "create an event base", code: errno)
        }
        guard let wake = unsafe event_new(base, -1, Int16(EV_PERSIST), { _, _, _ in }, nil) else {
            unsafe event_base_free(base)
            throw TransportFailure(attempt: "create an event", code: errno)
        }
        unsafe self.base = unsafe base
        unsafe self.wake = unsafe wake
    }

    func free() {
        unsafe event_free(wake)
        unsafe event_base_free(base)
    }
}
