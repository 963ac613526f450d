import Cryptography
package import HTTP
package import Seals

/// What a browser carries: an id of its own, and who is signed in there.
///
/// Nothing of it is kept here. The id binds forms and pending requests to the browser; the session
/// is a seal that opens for that id only, and holds for as long as the user and the password do.
package struct BrowserSession: Sendable {
    /// How long a session of a user with a password lasts at the most, in seconds; that of a
    /// provider's user lasts as long as `max_age` says.
    package static let lifetime: Int64 = 12 * 3600
    /// How far the clock of the replica that signed a user in may be ahead of ours, in seconds.
    package static let clockSkew: Int64 = 60

    private let isSecure: Bool
    private let ring: @Sendable () -> KeyRing
    /// Who may be signed in.
    let users: Users

    /// Sessions of the issuer's pages.
    package init(issuer: String, ring: @escaping @Sendable () -> KeyRing, users: Users) {
        isSecure = issuer.hasPrefix("https:")
        self.ring = ring
        self.users = users
    }

    /// With https the browser itself sees to it that no other host and no other path set the cookie
    /// (RFC 6265bis §4.1.3.2).
    private func name(_ name: String) -> String { isSecure ? "__Host-\(name)" : name }
    private var browserName: String { name("gatehouse-browser") }
    private var sessionName: String { name("gatehouse-session") }

    // MARK: - The browser

    /// The id that a browser sent; nil where it has none of ours.
    package func browserID(in head: RequestHead) -> String? {
        guard let id = CookieField(head.fields).value(browserName),
            Base64URL.decode(id)?.count == 32
        else { return nil }
        return id
    }

    /// An id for a browser that has none.
    package func makeBrowserID() -> String { Base64URL.encode(randomBytes(32)) }

    /// The field that lets a browser keep its id.
    package func browserCookie(_ id: String) -> EndpointResponse.Field {
        cookie(browserName, id, seconds: nil)
    }

    // MARK: - Forms

    /// The proof, for a form's hidden field, that the form was shown to this browser.
    package func proof(for form: String, browser: String) -> String {
        let keys = ring().derivedKeys(for: .formProof)
        guard let key = keys.first else { preconditionFailure("a ring has a key") }
        return Self.proof(key, form, browser)
    }

    /// Whether a form was shown to this browser.
    package func isProof(_ proof: String, for form: String, browser: String) -> Bool {
        let presented = Array(proof.utf8)
        var isFound = false
        for key in ring().derivedKeys(for: .formProof) {
            if constantTimeEqual(presented, Array(Self.proof(key, form, browser).utf8)) {
                isFound = true
            }
        }
        return isFound
    }

    private static func proof(_ key: SecretBytes, _ form: String, _ browser: String) -> String {
        let message = Array(form.utf8) + [0] + Array(browser.utf8)
        return Base64URL.encode(hmacSHA256(key: key.bytes, message))
    }

    // MARK: - Who is signed in

    /// The user who is signed in at this browser; nil for nobody, and where the session has ended,
    /// the user is gone, or the password was changed.
    package func user(in head: RequestHead, browser: String, at now: Int64) async -> User? {
        guard let text = CookieField(head.fields).value(sessionName),
            let bytes = Seal(.cookie, ring: ring()).open(text, context: Array(browser.utf8)),
            let session = SignedInSession(bytes),
            (session.since - Self.clockSkew...session.since + users.sessionLifetime(session.source))
                .contains(now)
        else { return nil }
        return await users.user(of: session)
    }

    /// The id of the browser from now on, and the fields that sign the user in there.
    ///
    /// The id is made anew, so that what was planted before is worth nothing (RFC 9700 §4.7 has the
    /// same for sessions of clients).
    package func signIn(
        _ user: User, mark: String, at now: Int64
    ) -> (browser: String, fields: [EndpointResponse.Field]) {
        let browser = makeBrowserID()
        let isProviders = users.providers?.provider(user.source) != nil
        let session = SignedInSession(
            source: user.source, name: isProviders ? user.subject : user.name, mark: mark,
            since: now)
        let text = Seal(.cookie, ring: ring()).seal(session.bytes, context: Array(browser.utf8))
        let lifetime = users.sessionLifetime(user.source)
        return (
            browser, [browserCookie(browser), cookie(sessionName, text, seconds: lifetime)]
        )
    }

    /// The id of the browser from now on, and the fields that sign out.
    package func signOut() -> (browser: String, fields: [EndpointResponse.Field]) {
        let browser = makeBrowserID()
        let begun = users.providers == nil ? [] : [attemptCookie(nil)]
        return (browser, [browserCookie(browser), cookie(sessionName, "", seconds: 0)] + begun)
    }

    // MARK: - A sign-in at a provider that was begun

    private var attemptName: String { name("gatehouse-sign-in") }

    /// The sealed attempt that a browser sent; nil where there is none.
    func attempt(in head: RequestHead) -> String? {
        CookieField(head.fields).value(attemptName)
    }

    /// The field that lets a browser keep an attempt, or forget it.
    ///
    /// There is one at a time: who begins another one has given the first one up.
    func attemptCookie(_ text: String?) -> EndpointResponse.Field {
        cookie(attemptName, text ?? "", seconds: text == nil ? 0 : SignInAttempt.lifetime)
    }

    /// SameSite=Lax: the cookie comes along when a client sends the browser here, and with no form
    /// of another site.
    private func cookie(_ name: String, _ value: String, seconds: Int64?) -> EndpointResponse.Field
    {
        var text = "\(name)=\(value); Path=/; HttpOnly; SameSite=Lax"
        if isSecure { text += "; Secure" }
        if let seconds { text += "; Max-Age=\(seconds)" }
        return EndpointResponse.Field("Set-Cookie", text)
    }
}
