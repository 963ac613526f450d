import AuthorizationServer
import Cryptography
import Foundation
import HTTP
import JOSE
import JSON
import OAuth
import Seals
import Storage
import Synchronization
import Testing

/// Users that a test changes.
final class TokenUsers: UserDirectory {
    private let users: Mutex<[String: User]>
    private let told = Mutex<UserStanding?>(nil)

    init(_ users: [User]) {
        self.users = Mutex(
            Dictionary(uniqueKeysWithValues: users.map { ("\($0.source)/\($0.name)", $0) }))
    }

    func set(_ user: User) { users.withLock { $0["\(user.source)/\(user.name)"] = user } }
    func remove(_ user: User) { users.withLock { $0["\(user.source)/\(user.name)"] = nil } }

    func user(source: String, name: String) async -> User? {
        users.withLock { $0["\(source)/\(name)"] }
    }

    /// Answers every question after a user so, as an identity provider would.
    func answer(_ standing: UserStanding) { told.withLock { $0 = standing } }

    func standing(of user: UserReference, at now: Int64) async -> UserStanding {
        if let standing = told.withLock({ $0 }) { return standing }
        guard let found = await self.user(source: user.source, name: user.name),
            found.subject == user.subject
        else { return .gone(endedGrants: []) }
        return .present(found, until: nil)
    }
}

/// The token and revocation endpoints over a real store, at a time that the test says.
final class TokenFixture: Sendable {
    static let now: Int64 = 1_800_000_000
    static let issuer = "https://gate.example"
    static let callback = "http://127.0.0.1:4711/callback"
    // RFC 7636, appendix B
    static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    static let ann = User(
        source: "local", name: "ann", groups: ["support"], subject: "local:ann-digest")

    let options: AuthorizationServerOptions
    let store: TokenStore
    let users = TokenUsers([ann])
    let keys: SigningKeys
    let ring: Mutex<KeyRing>
    let clientID: String
    let otherID: String
    let secret: (id: String, secret: String)
    let nonces = DPoPNonces(keys: [SecretBytes([UInt8](repeating: 7, count: 32))])
    let replays = DPoPReplays()
    private let folder: String
    private let documents: ClientDocuments?

    init(
        documents: ClientDocuments? = nil,
        changing change: (inout AuthorizationServerOptions) throws -> Void = { _ in }
    ) async throws {
        var options = AuthorizationServerOptions(
            issuer: Self.issuer, resources: [try Self.tickets(), try Self.wiki()],
            registration: RegistrationOptions())
        try change(&options)
        self.options = options
        self.documents = documents
        let base = FileManager.default.temporaryDirectory
        let folder = base.appendingPathComponent("gatehouse-tokens-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.folder = folder.path
        let sqlite = try await SQLiteStore.open(path: folder.path + "/gatehouse.db")
        store = TokenStore(sqlite)
        keys = try await SigningKeys.load(
            .es256, for: .accessTokens, from: sqlite, KeysAtRest(masterKey: nil), at: 1
        ) { try SigningKey.generate($0) }
        let ring = KeyRing([RegistrationFixture.newKey, RegistrationFixture.oldKey])
        self.ring = Mutex(ring)
        let directory = ClientDirectory(store: sqlite, ring: ring, options: options.registration)
        clientID = try await Self.register("none", directory).clientID
        otherID = try await Self.register("none", directory).clientID
        let confidential = try await Self.register("client_secret_basic", directory)
        secret = (confidential.clientID, try #require(confidential.secret))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    static func register(
        _ method: String, _ directory: ClientDirectory, bindsTokens: Bool = false
    ) async throws -> ClientRegistration {
        let body = RegistrationFixture.body("Agent", [callback], method: method)
        var metadata = try ClientMetadata(parsing: Array(body.utf8))
        metadata.bindsTokens = bindsTokens
        switch try await directory.register(metadata, at: now) {
        case .accepted(let registration): return registration
        case .full, .uninvited: throw RegistrationFixture.Refused.full
        }
    }

    static func scope(
        _ name: String, includes: [String] = [], isInitial: Bool = true,
        grantedTo: [String]? = nil, clients: GuardedScope.Clients = .any
    ) throws -> GuardedScope {
        GuardedScope(
            name: try #require(ScopeToken(name)), includes: includes.compactMap(ScopeToken.init),
            isInitial: isInitial, grantedTo: grantedTo, clients: clients)
    }

    static func tickets() throws -> GuardedResource {
        GuardedResource(
            name: "tickets", title: "Tickets",
            resource: try #require(ResourceIndicator("\(issuer)/tickets/mcp")),
            scopes: [
                try scope("read"), try scope("write", includes: ["read"]),
                try scope("close", isInitial: false, grantedTo: ["local/group:support"]),
                try scope("admin", isInitial: false, clients: .verified),
            ])
    }

    static func wiki() throws -> GuardedResource {
        GuardedResource(
            name: "wiki", title: "Wiki",
            resource: try #require(ResourceIndicator("\(issuer)/wiki/mcp")),
            scopes: [try scope("wiki")])
    }
}

extension TokenFixture {
    var authentication: ClientAuthentication { authentication(options) }

    func authentication(_ options: AuthorizationServerOptions) -> ClientAuthentication {
        ClientAuthentication(
            directory: ClientDirectory(
                store: store, ring: { [self] in ring.withLock { $0 } },
                options: options.registration, documents: documents, entries: options.clients),
            assertions: ClientAssertions(
                issuer: options.issuer, store: store, keySets: MachineKeys.lookUp,
                clientKeySets: { url, _, _ in MachineKeys.lookUp(url) }))
    }

    var endpoint: TokenEndpoint { endpoint(options) }

    func endpoint(_ options: AuthorizationServerOptions) -> TokenEndpoint {
        let issuer = AccessTokenIssuer(issuer: options.issuer, keys: keys)
        return TokenEndpoint(
            options: options, store: store, authentication: authentication(options),
            users: users, ring: { [self] in ring.withLock { $0 } }, issuer: { issuer },
            keySets: MachineKeys.lookUp,
            proofs: options.resources.allSatisfy { $0.dpop == .off }
                ? nil : DPoPVerifier(nonces: nonces, replays: replays))
    }

    var revocation: RevocationEndpoint {
        let issuer = AccessTokenIssuer(issuer: options.issuer, keys: keys)
        return RevocationEndpoint(
            store: store, authentication: authentication,
            ring: { [self] in ring.withLock { $0 } }, issuer: { issuer })
    }

    /// Keeps a code that the user agreed to, and returns it.
    func code(
        scope: String = "read write", client: String? = nil, redirectURI: String = callback,
        server: String = "tickets", user: User = ann, lifetime: Int64 = 60,
        revision: [UInt8] = [], keyThumbprint: String? = nil
    ) async throws -> String {
        let code = Base64URL.encode(randomBytes(32))
        let isKept = try await store.issue(
            CodeRecord(
                digest: sha256(Array(code.utf8)).bytes, requestID: code,
                requestExpiresAt: Self.now + 600, expiresAt: Self.now + lifetime,
                clientID: client ?? clientID, clientRevision: revision, clientName: "Agent",
                redirectURI: redirectURI,
                codeChallenge: Self.challenge, server: server, subject: user.subject,
                source: user.source, userName: user.name, scope: scope, declinedScope: "close",
                grantID: nil, keyThumbprint: keyThumbprint),
            at: Self.now)
        #expect(isKept)
        return code
    }

    /// The parameters that redeem a code, with some changed, or left out if nil.
    func redemption(_ code: String, _ changes: [String: String?] = [:]) -> [String: String] {
        let usual = [
            "grant_type": "authorization_code", "code": code, "client_id": clientID,
            "redirect_uri": Self.callback, "code_verifier": Self.verifier,
        ]
        return Self.changed(usual, changes)
    }

    /// The parameters that refresh, with some changed, or left out if nil.
    func refresh(_ token: String, _ changes: [String: String?] = [:]) -> [String: String] {
        let usual = [
            "grant_type": "refresh_token", "refresh_token": token, "client_id": clientID,
        ]
        return Self.changed(usual, changes)
    }

    static func changed(
        _ usual: [String: String], _ changes: [String: String?]
    ) -> [String: String] {
        var parameters: [String: String?] = usual
        for (name, value) in changes { parameters[name] = .some(value) }
        return parameters.compactMapValues { $0 }
    }

    /// The answer of the token endpoint to a form.
    func post(
        _ form: [String: String], seconds: Int64 = 0, milliseconds: Int64 = 0,
        proofs: [String] = []
    ) async throws -> EndpointResponse {
        let time = (Self.now + seconds) * 1000 + milliseconds
        let fields =
            "Content-Type: application/x-www-form-urlencoded\r\n"
            + proofs.map { "DPoP: \($0)\r\n" }.joined()
        return await endpoint.respond(
            to: try Self.request(Self.encoded(form), fields: fields, at: time))
    }

    /// What a good redemption gives.
    func tokens(scope: String = "read write") async throws -> TokenAnswer {
        let code = try await code(scope: scope)
        return try TokenAnswer(try await post(redemption(code)))
    }

    static func encoded(_ form: [String: String]) -> String {
        let allowed = CharacterSet.alphanumerics
        return form.sorted { $0.key < $1.key }.map { name, value in
            let value = value.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
            return "\(name)=\(value)"
        }.joined(separator: "&")
    }

    /// A request as it comes from the wire; its time is in Unix milliseconds.
    static func request(
        _ body: String, method: String = "POST", target: String = "/token",
        fields: String = "Content-Type: application/x-www-form-urlencoded\r\n",
        at time: Int64 = now * 1000
    ) throws -> EndpointRequest {
        let text = "\(method) \(target) HTTP/1.1\r\nHost: gate.example\r\n\(fields)\r\n"
        var decoder = RequestDecoder()
        var offset = 0
        guard case .head(let head) = try decoder.next(Array(text.utf8).span, &offset) else {
            throw RegistrationFixture.Refused.full
        }
        return EndpointRequest(
            head: head, body: Array(body.utf8), clientAddress: "192.0.2.1", nowMilliseconds: time)
    }
}

/// What a 200 of the token endpoint says.
struct TokenAnswer {
    let access: String
    let refresh: String
    let scope: String
    let lifetime: Int
    let type: String

    /// `type` is what the `token_type` must be.
    init(_ answer: EndpointResponse, type expected: String = "Bearer") throws {
        let text = String(decoding: answer.body, as: UTF8.self)
        try #require(answer.status == 200, "\(text) \(answer.reason ?? "")")
        let root = try JSONDocument(parsing: answer.body).root
        access = try #require(root["access_token"]?.string)
        refresh = root["refresh_token"]?.string ?? ""
        scope = try #require(root["scope"]?.string)
        type = try #require(root["token_type"]?.string)
        lifetime = try #require(
            root["expires_in"].flatMap { Int(String(decoding: $0.rawBytes, as: UTF8.self)) })
        #expect(type == expected)
    }

    /// The claims of the access token, its signature checked.
    func claims(_ fixture: TokenFixture) throws -> JWTClaims {
        let jws = try UnverifiedJWS(Array(access.utf8)).verified(
            by: fixture.keys.keySet, allowing: [.es256])
        return try JWTClaims(jws)
    }

    /// The grant that the tokens are of.
    func grant(_ fixture: TokenFixture) async throws -> GrantRecord {
        let id = try #require(try claims(fixture).document.root["gid"]?.string)
        return try #require(try await fixture.store.grant(id))
    }
}

extension EndpointResponse {
    /// `error` of a JSON answer.
    var tokenError: String? { (try? JSONDocument(parsing: body))?.root["error"]?.string }
}
