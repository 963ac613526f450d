import Glibc
import Synchronization

/// The thread that all statements of one store run on, and the queue of what waits for it.
///
/// The thread keeps this object alive until it has been closed and the queue is empty.
final class SQLiteThread: Sendable {
    typealias Job = @Sendable (SQLiteConnection) -> Void

    private struct State {
        var jobs: [Job] = []
        var isClosed = false
        var whenEnded: [@Sendable () -> Void] = []
        var hasEnded = false
    }

    /// How many calls may wait.
    static let queueLimit = 1024

    private let state = Mutex(State())
    private let bell = Bell()

    private init() {}

    /// Starts the thread; `opened` is called on it, once, with the thread or with the reason why
    /// there is none.
    static func start(
        path: String, opened: @escaping @Sendable (Result<SQLiteThread, StoreError>) -> Void
    ) {
        let attempt = "start the thread of the database \(path)"
        let thread = SQLiteThread()
        let entry = Entry { thread.run(path: path, opened: opened) }
        var identifier = pthread_t()
        let context = unsafe Unmanaged.passRetained(entry)
        let code = unsafe pthread_create(
            &identifier, nil,
            { context in
                if let context = unsafe context {
                    unsafe Unmanaged<Entry>.fromOpaque(context).takeRetainedValue().body()
                }
                return nil
            }, context.toOpaque())
        guard code == 0 else {
            unsafe context.release()
            opened(
                .failure(StoreError(.other, attempt, cause: "the system gives no thread (\(code))"))
            )
            return
        }
        pthread_detach(identifier)
    }

    /// Puts a job into the queue, or says why not.
    func enqueue(_ attempt: String, _ job: @escaping Job) -> StoreError? {
        let refusal = state.withLock { state -> StoreError? in
            if state.isClosed { return StoreError(.closed, attempt, cause: "the store is closed") }
            guard state.jobs.count < Self.queueLimit else {
                return StoreError(
                    .busy, attempt, cause: "\(Self.queueLimit) calls wait for the database already")
            }
            state.jobs.append(job)
            return nil
        }
        if refusal == nil { bell.ring() }
        return refusal
    }

    /// Lets the thread end after what is in the queue; `ended` is called when the file is closed.
    func close(ended: @escaping @Sendable () -> Void) {
        let hasEnded = state.withLock { state in
            state.isClosed = true
            if !state.hasEnded { state.whenEnded.append(ended) }
            return state.hasEnded
        }
        if hasEnded { ended() } else { bell.ring() }
    }

    private func run(path: String, opened: (Result<SQLiteThread, StoreError>) -> Void) {
        Self.keepSignalsAway()
        do throws(StoreError) {
            let connection = try SQLiteFile.connect(to: path)
            try SQLiteSchema.prepare(connection)
            opened(.success(self))
            serve(connection)
        } catch {
            opened(.failure(error))
        }
        let whenEnded = state.withLock { state in
            state.hasEnded = true
            return state.whenEnded
        }
        for ended in whenEnded { ended() }
    }

    private func serve(_ connection: SQLiteConnection) {
        while true {
            let (jobs, isClosed) = state.withLock { state in
                let jobs = state.jobs
                state.jobs = []
                return (jobs, state.isClosed)
            }
            for job in jobs { job(connection) }
            if isClosed { return }
            bell.wait()
        }
    }

    /// Signals are for the threads that handle them.
    private static func keepSignalsAway() {
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_SETMASK, &all, nil)
    }

    /// What a new thread does.
    private final class Entry {
        let body: () -> Void

        init(_ body: @escaping () -> Void) {
            self.body = body
        }
    }
}
