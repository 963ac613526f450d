import Cryptography
import Seals
import Storage

/// A sign-in at a provider that was begun in one browser: made by the POST of our page and by nothing
/// else, and kept in a cookie of that browser alone.
///
/// It holds the whole request that the person saw, with client, redirect URI and server, so that what
/// comes back is for that request and no other.
struct SignInAttempt: Sendable, Equatable {
    /// How long the person may take, in seconds.
    static let lifetime: Int64 = 600
    /// The longest seal, in bytes: browsers keep cookies of 4 KiB, with their names and attributes.
    static let textLimit = 3600

    /// The name of the sign-in.
    var source: String
    /// The provider's issuer, as it was when the browser was sent there.
    var issuer: String
    /// The `state` (RFC 6749 §10.12): good for one answer.
    var state: String
    /// The `nonce` (OpenID Connect Core §3.1.2.1).
    var nonce: String
    /// The `code_verifier` (RFC 7636 §4.1).
    var verifier: String
    /// When it can no longer be answered, in Unix seconds.
    var expiresAt: Int64
    /// The request that waits for the user; nil where the person only signs in.
    var pending: PendingAuthorization?

    /// A new attempt, with values that nobody can guess.
    init(
        source: String, issuer: String, pending: PendingAuthorization?, at now: Int64
    ) {
        self.source = source
        self.issuer = issuer
        self.pending = pending
        (state, nonce, verifier) = (Self.random(), Self.random(), Self.random())
        expiresAt = min(now + Self.lifetime, pending?.expiresAt ?? .max)
    }

    private static func random() -> String { Base64URL.encode(randomBytes(32)) }

    /// The `code_challenge`, method S256 (RFC 7636 §4.2).
    var codeChallenge: String { Base64URL.encode(sha256(Array(verifier.utf8)).bytes) }

    /// What the store notes once an answer to it was used.
    var use: SingleUse { SingleUse(issuer: "sign-in attempt", id: state, expiresAt: expiresAt) }

    /// Whether an answer's `state` is this attempt's, found out in constant time.
    func isAnswered(by state: String) -> Bool {
        constantTimeEqual(Array(state.utf8), Array(self.state.utf8))
    }
}

// MARK: - As a seal

extension SignInAttempt {
    /// The attempt that a cookie holds; nil if it was not made for this browser.
    init?(opening text: String, for browserID: [UInt8], with ring: KeyRing) {
        guard text.utf8.count <= Self.textLimit,
            let bytes = Seal(.signInAttempt, ring: ring).open(text, context: browserID),
            let parts = TextParts.decode(bytes), parts.count >= Self.ownPartCount,
            let source = parts[0], let issuer = parts[1], let state = parts[2],
            let nonce = parts[3], let verifier = parts[4],
            let expiresAt = parts[5].flatMap({ Int64($0) })
        else { return nil }
        let rest = Array(parts.dropFirst(Self.ownPartCount))
        let pending = rest.isEmpty ? nil : PendingAuthorization(parts: rest)
        guard rest.isEmpty || pending != nil else { return nil }
        (self.source, self.issuer, self.state) = (source, issuer, state)
        (self.nonce, self.verifier) = (nonce, verifier)
        (self.expiresAt, self.pending) = (expiresAt, pending)
    }

    /// The attempt as a seal that opens for one browser; nil if it is too large for a cookie.
    func sealed(for browserID: [UInt8], with ring: KeyRing) -> String? {
        let own: [String?] = [source, issuer, state, nonce, verifier, String(expiresAt)]
        let bytes = TextParts.encode(own + (pending?.parts ?? []))
        guard bytes.count <= Self.textLimit else { return nil }
        let text = Seal(.signInAttempt, ring: ring).seal(bytes, context: browserID)
        return text.utf8.count <= Self.textLimit ? text : nil
    }

    private static let ownPartCount = 6
}
