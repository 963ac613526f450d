import AuthorizationServer
import Cryptography
import HTTP
import Seals
import Testing

@Suite struct BrowserSessionTests {
    private static let now: Int64 = 1_800_000_000
    private let place: UsersPlace
    private let ring = KeyRing([KeyRing.makeSecret()])

    init() throws { place = try UsersPlace() }

    private func sessions(
        _ issuer: String = "https://mcp.example.com", ring: KeyRing? = nil
    ) -> BrowserSession {
        let ring = ring ?? self.ring
        return BrowserSession(issuer: issuer, ring: { ring }, users: Users([place.users]))
    }

    private static func head(_ cookies: [String]) throws -> RequestHead {
        let text =
            "GET /account HTTP/1.1\r\nHost: mcp.example.com\r\n"
            + cookies.map { "Cookie: \($0)\r\n" }.joined() + "\r\n"
        var decoder = RequestDecoder()
        var offset = 0
        guard case .head(let head) = try decoder.next(Array(text.utf8).span, &offset) else {
            throw Failure.noHead
        }
        return head
    }

    private enum Failure: Error { case noHead }

    /// The cookies that an answer sets, as a browser sends them.
    private static func pairs(_ fields: [EndpointResponse.Field]) -> [String] {
        fields.map { String($0.value.prefix { $0 != ";" }) }
    }

    private func user(_ name: String = "lee") async throws -> User {
        try #require(await place.users.user(source: "local", name: name))
    }

    private func mark() throws -> String { try #require(PasswordHash(UsersFileTests.hash)).mark }

    @Test func `who signed in is signed in at that browser`() async throws {
        let sessions = sessions()
        let (browser, fields) = sessions.signIn(try await user(), mark: try mark(), at: Self.now)
        let head = try Self.head([Self.pairs(fields).joined(separator: "; ")])
        #expect(sessions.browserID(in: head) == browser)
        let earliest = Self.now - BrowserSession.clockSkew
        for time in [earliest, Self.now, Self.now + BrowserSession.lifetime] {
            #expect(await sessions.user(in: head, browser: browser, at: time)?.name == "lee")
        }
        for time in [earliest - 1, Self.now + BrowserSession.lifetime + 1] {
            #expect(await sessions.user(in: head, browser: browser, at: time) == nil)
        }
        #expect(
            await sessions.user(in: head, browser: sessions.makeBrowserID(), at: Self.now) == nil)
        let foreign = self.sessions(ring: KeyRing([KeyRing.makeSecret()]))
        #expect(await foreign.user(in: head, browser: browser, at: Self.now) == nil)
    }

    @Test func `a session of which one letter was changed is none`() async throws {
        let sessions = sessions()
        let (browser, fields) = sessions.signIn(try await user(), mark: try mark(), at: Self.now)
        let pairs = Self.pairs(fields)
        let session = Array(try #require(pairs.last).utf8)
        let start = try #require(session.firstIndex(of: UInt8(ascii: "="))) + 1
        for index in stride(from: start, to: session.count, by: 7) {
            var changed = session
            changed[index] =
                changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let head = try Self.head([pairs[0], String(decoding: changed, as: UTF8.self)])
            #expect(
                await sessions.user(in: head, browser: browser, at: Self.now) == nil, "\(index)")
        }
        let text = try #require(pairs.last)
        let doubled = try Self.head([pairs[0], text, text])
        #expect(await sessions.user(in: doubled, browser: browser, at: Self.now) == nil)
    }

    @Test func `a seal of another purpose is no session`() async throws {
        let sessions = sessions("http://127.0.0.1:8080")
        let browser = sessions.makeBrowserID()
        let bytes = Array(
            ["1", "local", "lee", try mark(), "\(Self.now)"].joined(separator: "\0").utf8)
        for (purpose, isOurs) in [(SealPurpose.cookie, true), (.pendingAuthorization, false)] {
            let text = Seal(purpose, ring: ring).seal(bytes, context: Array(browser.utf8))
            let head = try Self.head(["gatehouse-session=\(text)"])
            let user = await sessions.user(in: head, browser: browser, at: Self.now)
            #expect((user != nil) == isOurs)
        }
    }

    @Test func `what was planted before signing in is worth nothing after`() async throws {
        let sessions = sessions()
        let planted = sessions.makeBrowserID()
        let (browser, fields) = sessions.signIn(try await user(), mark: try mark(), at: Self.now)
        let again = sessions.signIn(try await user(), mark: try mark(), at: Self.now).browser
        #expect(browser != planted && again != browser)
        let session = try #require(Self.pairs(fields).last)
        let head = try Self.head(["__Host-gatehouse-browser=\(planted)", session])
        let id = try #require(sessions.browserID(in: head))
        #expect(await sessions.user(in: head, browser: id, at: Self.now) == nil)
        #expect(
            !sessions.isProof(
                sessions.proof(for: "consent", browser: planted), for: "consent", browser: browser))
    }

    @Test func `a session ends with its user and with its password`() async throws {
        let sessions = sessions()
        let (browser, fields) = sessions.signIn(try await user(), mark: try mark(), at: Self.now)
        let head = try Self.head([Self.pairs(fields).joined(separator: "; ")])
        let other = try PasswordHash(of: Array("another one".utf8))
        try place.write("lee:\(other.text):support\n")
        try await Task.sleep(for: .milliseconds(1100))
        #expect(await sessions.user(in: head, browser: browser, at: Self.now) == nil)
        try place.write("lee:\(UsersFileTests.hash):support\n")
        try await Task.sleep(for: .milliseconds(1100))
        #expect(await sessions.user(in: head, browser: browser, at: Self.now) != nil)
        try place.write("# nobody\n")
        try await Task.sleep(for: .milliseconds(1100))
        #expect(await sessions.user(in: head, browser: browser, at: Self.now) == nil)
    }

    @Test func `cookies are for this host, for no script and for no other site`() async throws {
        let (_, fields) = sessions().signIn(try await user(), mark: try mark(), at: Self.now)
        #expect(fields.count == 2)
        for field in fields {
            #expect(field.name == "Set-Cookie" && field.value.hasPrefix("__Host-gatehouse-"))
            #expect(field.value.contains("; Path=/; HttpOnly; SameSite=Lax; Secure"))
        }
        let plain = sessions("http://127.0.0.1:8080").browserCookie("x").value
        #expect(plain == "gatehouse-browser=x; Path=/; HttpOnly; SameSite=Lax")
        let out = sessions().signOut().fields
        #expect(out.contains { $0.value.contains("session=;") && $0.value.contains("Max-Age=0") })
    }

    @Test(arguments: [
        "gatehouse-browser=short", "gatehouse-browser=", "other=x",
        "gatehouse-browser=" + String(repeating: "!", count: 43),
        "gatehouse-browser=\(String(repeating: "A", count: 43)); gatehouse-browser=\(String(repeating: "A", count: 43))",
    ])
    func `an id that is not one of ours, or two, is none`(cookies: String) throws {
        let head = try Self.head([cookies])
        #expect(sessions("http://127.0.0.1:8080").browserID(in: head) == nil)
    }

    @Test func `a proof is good for one form of one browser`() throws {
        let sessions = sessions()
        let proof = sessions.proof(for: "consent", browser: "b1")
        #expect(sessions.isProof(proof, for: "consent", browser: "b1"))
        #expect(!sessions.isProof(proof, for: "account", browser: "b1"))
        #expect(!sessions.isProof(proof, for: "consent", browser: "b2"))
        #expect(!sessions.isProof("", for: "consent", browser: "b1"))
        #expect(!sessions.isProof(proof + "A", for: "consent", browser: "b1"))
        let later = KeyRing([KeyRing.makeSecret()])
        #expect(!self.sessions(ring: later).isProof(proof, for: "consent", browser: "b1"))
    }
}
