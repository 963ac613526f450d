import Synchronization
package import Transport

/// The users of one users file, read again when it has changed.
///
/// The file is read on the pool, never on a loop. One that cannot be read leaves those users in place
/// that were read last.
package final class LocalUsers: UserDirectory {
    /// How long what was read is used without a look at the file, in milliseconds.
    package static let checkInterval: UInt64 = 1000

    private struct State: Sendable {
        var file = UsersFile()
        var stamp: UsersFileAccess.Stamp?
        var checkedAt: UInt64 = 0
        var wasRead = false
    }

    /// The name of the sign-in in the configuration.
    package let source: String
    /// The path of the file.
    package let path: String
    private let issuer: String
    private let pool: BlockingPool
    private let report: @Sendable (String) -> Void
    private let state = Mutex(State())

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
        if isStale { _ = try? await pool.run { [self] in refresh() } }
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

    private var isStale: Bool {
        let now = Clock.monotonic / 1_000_000
        return state.withLock { !$0.wasRead || now - min(now, $0.checkedAt) >= Self.checkInterval }
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
        let now = Clock.monotonic / 1_000_000
        let stamp = UsersFileAccess.stamp(of: path)
        let isKnown = state.withLock { state in
            state.checkedAt = now
            return state.wasRead && state.stamp == stamp
        }
        guard !isKnown else { return }
        do throws(UsersFileAccess.Failure) {
            let file = try UsersFileAccess.read(path)
            state.withLock { state in
                state.file = file
                state.stamp = stamp
                state.wasRead = true
            }
        } catch {
            // Noted as read, so that it is reported once and not at every look.
            state.withLock { state in
                state.stamp = stamp
                state.wasRead = true
            }
            report(error.description)
        }
    }
}
