import Cryptography
package import Transport

/// Signs users of one users file in.
package struct LocalSignIn: Sendable {
    /// What came of an attempt.
    package enum Outcome: Sendable, Equatable {
        /// The password was right; the mark changes whenever the password does.
        case signedIn(User, mark: String)
        /// The user is unknown, or the password is wrong: nobody is told which.
        case refused
        /// Too many failures; come again after so many seconds.
        case wait(seconds: Int64)
        /// Too many people sign in at once.
        case overloaded
    }

    /// The user with the mark, if this is the password; takes long.
    typealias Verification =
        @Sendable (_ name: String, _ password: [UInt8]) -> (user: User, mark: String)?

    private let source: String
    private let pool: BlockingPool
    private let throttle: SignInThrottle
    private let verify: Verification

    /// Sign-ins whose hashes are computed on the pool, never more at once than it has threads.
    package init(users: LocalUsers, pool: BlockingPool, throttle: SignInThrottle) {
        self.init(source: users.source, pool: pool, throttle: throttle) { users.verify($0, $1) }
    }

    /// Sign-ins at a source with a verification of its own.
    init(
        source: String, pool: BlockingPool, throttle: SignInThrottle,
        verify: @escaping Verification
    ) {
        self.source = source
        self.pool = pool
        self.throttle = throttle
        self.verify = verify
    }

    /// Checks a name and a password.
    ///
    /// - Parameters:
    ///   - name: what was typed as the name.
    ///   - password: what was typed as the password.
    ///   - address: where the attempt comes from.
    ///   - now: Unix milliseconds.
    /// - Returns: what came of it.
    package func signIn(
        name: String, password: String, from address: String, at now: Int64
    ) async -> Outcome {
        let secret = Array(password.utf8)
        guard (1...PasswordHash.maximumPasswordLength).contains(secret.count) else {
            return .refused
        }
        // Of a long name a digest is remembered; it is nobody's.
        let key = "\(source)/" + Base64URL.encode(sha256(Array(name.utf8)).bytes)
        switch throttle.admit(user: key, address: address, at: now) {
        case .wait(let milliseconds): return .wait(seconds: (milliseconds + 999) / 1000)
        case .admitted: break
        }
        do {
            guard let found = try await pool.run({ [verify] in verify(name, secret) }) else {
                return .refused
            }
            throttle.succeeded(user: key, address: address)
            return .signedIn(found.user, mark: found.mark)
        } catch {
            throttle.withdrawn(user: key, address: address)
            return .overloaded
        }
    }
}
