import Synchronization
package import Transport

/// The users of one users file, read again when it has changed.
///
/// The file is looked at on the pool, never on a loop; all who ask while a look waits for a thread
/// share it. A file that cannot be read leaves those users in place that were read last.
package final class LocalUsers: UserDirectory {
    /// How long what was read is used without a look at the file, in milliseconds.
    package static let checkInterval: UInt64 = 1000

    private struct State: Sendable {
        var file = UsersFile()
        var stamp: UsersFileAccess.Stamp?
        var checkedAt: UInt64 = 0
        var wasRead = false
        /// What was said last about a file that cannot be used.
        var reported: String?
        /// Who waits for the look that is in the queue.
        var waiting: [CheckedContinuation<Bool, Never>] = []
    }

    /// The name of the sign-in in the configuration.
    package let source: String
    /// The path of the file.
    package let path: String
    private let issuer: String
    private let pool: BlockingPool
    private let report: @Sendable (String) -> Void
    private let state = Mutex(State())
    /// One look at a time, so that an older one never wins.
    private let looking = Mutex(())
    /// How long to wait for room in the queue before the first look.
    private static let pause = Duration.milliseconds(20)

    /// Users of a file; `report` is told why a file cannot be used.
    package init(
        source: String, path: String, issuer: String, pool: BlockingPool,
        report: @escaping @Sendable (String) -> Void
    ) {
        self.source = source
        self.path = path
        self.issuer = issuer
        self.pool = pool
        self.report = report
    }

    package func user(source: String, name: String) async -> User? {
        guard source == self.source else { return nil }
        return await identity(name)?.user
    }

    /// A user with the mark of the password; nil for nobody of that name.
    func identity(_ name: String) async -> (user: User, mark: String)? {
        while isStale, await !look() {
            // Users that were read may be a little old. Before the first look there are none, and
            // nobody may be taken for removed: that ends grants.
            if state.withLock({ $0.wasRead }) { break }
            guard (try? await Task.sleep(for: Self.pause)) != nil else { break }
        }
        return current(name)
    }

    /// The user, if this is the password; takes long, and takes as long for a name that is nobody's.
    func verify(_ name: String, _ password: [UInt8]) -> (user: User, mark: String)? {
        refresh()
        guard let entry = state.withLock({ $0.file.user(name) }) else {
            PasswordHash.compareWithNobody(password)
            return nil
        }
        guard entry.password.matches(password) else { return nil }
        return (user(entry), entry.password.mark)
    }

    /// Reads the file now; blocks.
    package func load() { refresh() }

    /// Looks at the file again before the next answer: whoever changed it said so.
    package func expectChange() {
        state.withLock { $0.checkedAt = 0 }
    }

    private var isStale: Bool {
        let now = Clock.monotonic / 1_000_000
        return state.withLock { !$0.wasRead || now - min(now, $0.checkedAt) >= Self.checkInterval }
    }

    /// Waits for a look that begins after now.
    ///
    /// - Returns: whether there was one; false where the queue is full.
    private func look() async -> Bool {
        await withCheckedContinuation { continuation in
            let isFirst = state.withLock { state in
                state.waiting.append(continuation)
                return state.waiting.count == 1
            }
            guard isFirst else { return }
            let isQueued = pool.submit { [self] in
                let waiting = takeWaiting()
                refresh()
                for continuation in waiting { continuation.resume(returning: true) }
            }
            if !isQueued {
                for continuation in takeWaiting() { continuation.resume(returning: false) }
            }
        }
    }

    private func takeWaiting() -> [CheckedContinuation<Bool, Never>] {
        state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
    }

    private func current(_ name: String) -> (user: User, mark: String)? {
        guard let entry = state.withLock({ $0.file.user(name) }) else { return nil }
        return (user(entry), entry.password.mark)
    }

    private func user(_ entry: UsersFile.Entry) -> User {
        User(
            source: source, name: entry.name, groups: entry.groups,
            subject: User.subject(of: entry.name, from: source, issuer: issuer))
    }

    /// Reads the file if it is another one than was read last; blocks.
    private func refresh() {
        let failure: String? = looking.withLock { _ in
            let now = Clock.monotonic / 1_000_000
            let stamp = UsersFileAccess.stamp(of: path)
            let isKnown = state.withLock { state in
                state.checkedAt = now
                return state.wasRead && state.stamp == stamp && stamp?.isYoung != true
            }
            return isKnown ? nil : read(stamp)
        }
        if let failure { report(failure) }
    }

    /// Reads the file that has this stamp.
    ///
    /// - Returns: why it cannot be used, if that is news.
    private func read(_ stamp: UsersFileAccess.Stamp?) -> String? {
        do throws(UsersFileAccess.Failure) {
            let file = try UsersFileAccess.read(path)
            // A file that is gone has removed nobody: that is done by writing the file, and it ends
            // what they had agreed to.
            let hadUsers = state.withLock { !$0.file.users.isEmpty }
            guard stamp != nil || !hadUsers else {
                throw UsersFileAccess.Failure(description: "the users file \(path) is gone")
            }
            state.withLock { state in
                state.file = file
                state.stamp = stamp
                state.wasRead = true
                state.reported = nil
            }
            return nil
        } catch {
            // Noted as read, so that it is not read at every look.
            return state.withLock { state in
                state.stamp = stamp
                state.wasRead = true
                defer { state.reported = error.description }
                return state.reported == error.description ? nil : error.description
            }
        }
    }
}
