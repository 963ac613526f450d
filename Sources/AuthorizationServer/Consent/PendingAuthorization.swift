import Cryptography
import Seals

/// A request of the authorization endpoint that was found good and waits for the user.
///
/// No server keeps it: it travels through the pages of one browser as a seal, which opens for that
/// browser only. It says nothing about the user, who may still change.
struct PendingAuthorization: Sendable, Equatable {
    /// How long it waits, in seconds.
    static let lifetime: Int64 = 600
    /// The longest seal of one, in bytes: it must fit into the request line of the consent page.
    static let textLimit = 7 * 1024

    /// What tells it from every other; a code is issued for it once.
    var id: String
    /// The client.
    var clientID: String
    /// What the client said of itself (``Client/revision``).
    var clientRevision: [UInt8] = []
    /// The redirect URI as it was presented, or the client's only one.
    var redirectURI: String
    /// Whether the request named its redirect URI; then the token request must too (RFC 6749
    /// §4.1.3).
    var namesRedirectURI: Bool
    /// The `state` as it was presented.
    var state: String?
    /// The `code_challenge`.
    var codeChallenge: String
    /// The name of the server.
    var server: String
    /// The `scope` as it was presented; nil if there was none.
    ///
    /// What it comes to depends on the user.
    var scope: String?
    /// The scopes that the person left ticked before signing in, with single spaces between them; nil
    /// where that was not asked yet.
    var agreedScope: String?
    /// When it can no longer be answered, in Unix seconds.
    var expiresAt: Int64
    /// The key with which the code must be redeemed (RFC 9449 §10); nil for any or none.
    var keyThumbprint: String?

    /// A new random id.
    static func makeID() -> String { Base64URL.encode(randomBytes(16)) }
}

// MARK: - As a seal

extension PendingAuthorization {
    /// Why a text is not a request that can be answered.
    enum Violation: Error, Sendable, Equatable {
        /// It is not a seal that was made for this browser.
        case foreign
        /// It has waited too long.
        case expired
    }

    /// The request that `text` holds.
    ///
    /// - Parameters:
    ///   - text: what a form or a URL brought.
    ///   - browserID: the browser's id; a seal for another one does not open.
    ///   - ring: the keys of seals.
    ///   - now: Unix seconds.
    /// - Throws: why it cannot be answered.
    init(
        opening text: String, for browserID: [UInt8], with ring: KeyRing, at now: Int64
    ) throws(Violation) {
        guard text.utf8.count <= Self.textLimit,
            let bytes = Seal(.pendingAuthorization, ring: ring).open(text, context: browserID),
            let pending = Self(decoding: bytes)
        else { throw .foreign }
        guard now < pending.expiresAt else { throw .expired }
        self = pending
    }

    /// The request as a seal that opens for one browser; nil if it is too large.
    func sealed(for browserID: [UInt8], with ring: KeyRing) -> String? {
        let bytes = encoded
        guard bytes.count <= Self.textLimit / 4 * 3 - Self.overhead else { return nil }
        let text = Seal(.pendingAuthorization, ring: ring).seal(bytes, context: browserID)
        return text.utf8.count <= Self.textLimit ? text : nil
    }

    /// What a seal adds to the bytes: key id, vector and form.
    private static let overhead = 20
}

// MARK: - As bytes

extension PendingAuthorization {
    /// The parts in their order; `nil` differs from an empty text.
    var parts: [String?] {
        [
            id, clientID, redirectURI, namesRedirectURI ? "" : nil, state, codeChallenge, server,
            scope, agreedScope, String(expiresAt), Base64URL.encode(clientRevision), keyThumbprint,
        ]
    }

    fileprivate var encoded: [UInt8] { TextParts.encode(parts) }

    fileprivate init?(decoding bytes: [UInt8]) {
        guard let parts = TextParts.decode(bytes) else { return nil }
        self.init(parts: parts)
    }

    /// The request with these parts; nil if they are no request's.
    init?(parts: [String?]) {
        guard parts.count == 12, let id = parts[0], let clientID = parts[1],
            let redirectURI = parts[2], let codeChallenge = parts[5], let server = parts[6],
            let expiresAt = parts[9].flatMap({ Int64($0) }),
            let revision = parts[10].flatMap({ Base64URL.decode($0) })
        else { return nil }
        self.init(
            id: id, clientID: clientID, clientRevision: revision, redirectURI: redirectURI,
            namesRedirectURI: parts[3] != nil, state: parts[4], codeChallenge: codeChallenge,
            server: server, scope: parts[7], agreedScope: parts[8], expiresAt: expiresAt,
            keyThumbprint: parts[11])
    }
}
