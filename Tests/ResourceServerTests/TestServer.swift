import Cryptography
import HTTP
import JOSE
import JSON
import MCP
import OAuth
import Seals
import Testing

@testable import ResourceServer

/// A server, its keys, and tokens and requests for it; the clock stands at `now`.
struct TestServer {
    static let now: Int64 = 1_800_000_000
    static let issuer = "https://mcp.example.com"
    static let audience = "https://mcp.example.com/tickets/mcp"

    let key: SigningKey
    let keys: IssuerKeys
    let server: ProtectedServer
    let cache = TokenCache(capacity: 100)
    let ended = EndedGrants()
    let opened = SessionCache(capacity: 100)
    let authorizer: Authorizer
    let events: EventSeals
    let tasks: TaskSeals
    let nonces: DPoPNonces

    init(
        origin: TokenRules.Origin = .own, algorithm: SignatureAlgorithm = .es256,
        algorithms: Set<SignatureAlgorithm> = Set(SignatureAlgorithm.allCases),
        definitions: [ScopeDefinition] = Example.definitions, publicURL: String = issuer,
        allowedOrigins: [String] = [], scopeClaim: ScopeClaim = .scope,
        holderClaims: HolderClaims = HolderClaims(),
        visibility: Visibility = .granted, ring: KeyRing = KeyRing([KeyRing.makeSecret()]),
        table: TaskTable = TaskTable(), observation: ObservationPeriod? = nil,
        toolSchemas: ToolSchemas = ToolSchemas(),
        transport: ServerTransport = .streamable, name: String = "tickets",
        asking: Asking = .nobody,
        dpop: DPoPUse = .off, replays: DPoPReplays = DPoPReplays(), asksForNonce: Bool = true
    ) throws {
        key = try SigningKey.generate(algorithm)
        keys = IssuerKeys(try Self.keySet(key, id: "k1"))
        var rules = TokenRules(
            issuer: Self.issuer, audience: Self.audience, origin: origin,
            keys: asking.keys ?? keys,
            algorithms: algorithms, scopeClaim: scopeClaim, holderClaims: holderClaims)
        switch asking {
        case .nobody: break
        case .keys(let fetched): rules.fetchedKeys = fetched
        case .introspection(let introspection): rules.introspection = introspection
        }
        server = try ProtectedServer(
            name: name, path: "/tickets/mcp", publicURL: publicURL,
            policy: try ScopePolicy(definitions, serverName: name), tokenRules: rules,
            allowedOrigins: Set(try allowedOrigins.map { try Origin(parsing: $0) }),
            visibility: visibility, transport: transport, title: "Tickets",
            observation: observation, toolSchemas: toolSchemas, dpop: dpop)
        nonces = DPoPNonces(keys: ring.derivedKeys(for: .proofNonce))
        events = EventSeals(ring: ring)
        tasks = TaskSeals(ring: ring, table: table)
        authorizer = Authorizer(
            sessions: SealedSessions(ring: ring), events: events, tasks: tasks,
            endpoints: SealedEndpoints(ring: ring),
            proofs: dpop == .off
                ? nil : DPoPVerifier(nonces: asksForNonce ? nonces : nil, replays: replays))
    }

    /// Whom the server has to ask before it can judge a token.
    enum Asking {
        case nobody
        case keys(FetchedKeys)
        case introspection(TokenIntrospection)

        var keys: IssuerKeys? {
            if case .keys(let fetched) = self { fetched.keys } else { nil }
        }
    }

    static func keySet(_ key: SigningKey, id: String) throws -> JSONWebKeySet {
        try JSONWebKeySet([
            JSONWebKey(id: id, algorithm: key.algorithm, key: key.verificationKey)
        ])
    }

    /// The claims of a good token as JSON members.
    static func claims(scope: String = "tickets:read") -> [String: String] {
        [
            "iss": "\"\(issuer)\"", "aud": "\"\(audience)\"", "sub": "\"local:lee\"",
            "client_id": "\"cli\"", "scope": "\"\(scope)\"",
            "grantable": "\"tickets:read tickets:write tickets:admin\"", "gid": "\"g1\"",
            "iat": "\(now - 10)", "exp": "\(now + 3600)", "jti": "\"j1\"",
        ]
    }

    /// A signed token; a claim whose value is nil is left out.
    func token(
        scope: String = "tickets:read", _ changes: [String: String?] = [:],
        type: String = "at+jwt", keyID: String = "k1", key other: SigningKey? = nil
    ) throws -> String {
        var claims = Self.claims(scope: scope)
        for (name, value) in changes { claims[name] = value }
        let members = claims.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
        return try SignedJWT.compact(
            type: type, keyID: keyID, claims: Array("{\(members.joined(separator: ","))}".utf8),
            key: other ?? key)
    }

    func verify(_ token: String, at now: Int64 = now) throws(TokenViolation) -> VerifiedAccessToken
    {
        try cache.verifiedToken(Array(token.utf8)[...], for: server, at: now)
    }

    /// The head of a request with these field lines.
    static func head(
        _ method: String = "POST", _ target: String = "/tickets/mcp", _ lines: [String] = []
    ) throws -> RequestHead {
        let text =
            "\(method) \(target) HTTP/1.1\r\nHost: mcp.example.com\r\n"
            + lines.map { "\($0)\r\n" }.joined() + "\r\n"
        var decoder = RequestDecoder()
        var offset = 0
        let bytes = Array(text.utf8)
        guard case .head(let head) = try decoder.next(bytes.span, &offset) else {
            throw NoHead()
        }
        return head
    }

    struct NoHead: Error {}

    /// What becomes of a request: forwarded, or the refusal of whichever stage gave one.
    func outcome(
        _ method: String = "POST", _ target: String = "/tickets/mcp", token: String?,
        _ lines: [String] = [], body: String? = nil, at now: Int64 = now,
        credential: CredentialField? = nil
    ) throws -> Outcome {
        var all = lines
        if let token { all.append("Authorization: Bearer \(token)") }
        let names = all.map { $0.lowercased() }
        if method == "POST" {
            if !names.contains(where: { $0.hasPrefix("content-type:") }) {
                all.append("Content-Type: application/json")
            }
            all.append("Content-Length: \(body?.utf8.count ?? 0)")
        }
        let head = try Self.head(method, target, all)
        switch authorizer.authenticate(head, for: server, cache: cache, ended: ended, at: now) {
        case .answered(let refusal): return Outcome(refusal: refusal, forwarded: nil)
        case .pending(let token): return Outcome(refusal: nil, forwarded: nil, pending: token)
        case .accepted(let token):
            let authorization = authorizer.authorize(
                head, body: Array((body ?? "").utf8), token: token, for: server,
                ended: ended, at: now, opened: opened)
            switch consume authorization {
            case .refuse(let refusal): return Outcome(refusal: refusal, forwarded: nil)
            case .needsDefinition(let needed):
                return Outcome(refusal: nil, forwarded: nil, needed: needed)
            case .forward(let request):
                var bytes: [UInt8] = []
                ForwardedFields.append(of: request, without: credential, to: &bytes)
                return Outcome(
                    refusal: nil,
                    forwarded: Forwarded(
                        kind: request.kind, endpoint: request.endpoint,
                        reference: try reference(of: request), id: request.id.map { Array($0) },
                        sessionID: request.sessionID, body: request.body,
                        lines: String(decoding: bytes, as: UTF8.self),
                        filter: AnswerFilter(answering: request, tasks: tasks),
                        ruling: request.ruling,
                        failure: UpstreamFailure.refused(status: 401).answer(to: request),
                        seal: authorizer.sealedSessionID(
                            of: Self.sessionFields("upstream-1"), to: request
                        ).map { String(decoding: $0, as: UTF8.self) }))
            }
        }
    }

    /// What the client is given for the endpoint of the upstream, in the tests' HTTP+SSE.
    private func reference(of request: borrowing AuthorizedRequest) throws -> String? {
        guard case .sse(let upstream) = request.server.transport else { return nil }
        let endpoint = try MessageEndpoint(
            reference: Array("/messages/?session_id=u1".utf8), of: upstream)
        let (reference, seal) = authorizer.reference(to: endpoint, for: request)
        #expect(reference.suffix(seal.count).elementsEqual(seal))
        return String(decoding: reference, as: UTF8.self)
    }

    static func sessionFields(_ id: String) -> Fields {
        var fields = Fields()
        fields.append(.mcpSessionID, id)
        return fields
    }

    /// A call of a tool as a body of the earlier revisions.
    static func call(_ tool: String, id: String = "7", arguments: String = "{}") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"\#(tool)","#
            + #""arguments":\#(arguments)}}"#
    }
}

/// What a test sees of a request that may be forwarded.
struct Forwarded {
    let kind: AuthorizedRequest.Kind
    let endpoint: OpenedEndpoint?
    let reference: String?
    let id: [UInt8]?
    let sessionID: [UInt8]?
    let body: [UInt8]
    let lines: String
    let filter: AnswerFilter
    let ruling: Ruling
    let failure: Refusal
    let seal: String?
}

/// What became of a request.
struct Outcome {
    let refusal: Refusal?
    let forwarded: Forwarded?
    var needed: NeededDefinition?
    var pending: UnjudgedToken?

    var status: Int? { refusal?.status }
    var body: String { String(decoding: refusal?.body ?? [], as: UTF8.self) }

    func field(_ name: String) -> String? {
        refusal?.fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}
