import Cryptography
import HTTP
import HTTPClient
import JOSE
import Proxy
import ResourceServer
import Seals
import Transport

/// A client of a server that is protected: its requests pass the real authorizer, are forwarded to
/// a scripted upstream, and the answers come here.
final class Visitor: Sendable {
    static let path = "/tickets/mcp"
    private static let issuer = "https://mcp.example.com"

    let loop: EventLoop
    private let key: SigningKey
    private let server: ProtectedServer
    private let authorizer: Authorizer
    private let forwarder: Forwarder
    private let credential: [UInt8]

    private final class Resident {
        let pool: UpstreamPool
        let cache = TokenCache(capacity: 10)
        var sinks: [Sink] = []

        init(_ pool: UpstreamPool) { self.pool = pool }
    }

    struct Refused: Error { let status: Int }

    init(
        port: UInt16, callTimeout: UInt64 = 5_000_000_000, firstByteTimeout: UInt64 = 5_000_000_000,
        contentLimit: Int = 1 << 20, eventLimit: Int = 1 << 20, bearer: String? = nil,
        transport: ServerTransport = .streamable
    ) throws {
        loop = try EventLoop(name: "test")
        let ring = KeyRing([KeyRing.makeSecret()])
        authorizer = Authorizer(
            sessions: SealedSessions(ring: ring), events: EventSeals(ring: ring),
            tasks: TaskSeals(ring: ring, table: TaskTable()),
            endpoints: SealedEndpoints(ring: ring))
        key = try SigningKey.generate(.es256)
        let keys = try JSONWebKeySet([
            JSONWebKey(id: "k1", algorithm: key.algorithm, key: key.verificationKey)
        ])
        let definitions = [
            ScopeDefinition(
                name: "tickets:read", tools: [ToolRule(name: "get_*")], resources: ["ticket://*"])
        ]
        server = try ProtectedServer(
            name: "tickets", path: Self.path, publicURL: Self.issuer,
            policy: ScopePolicy(definitions, serverName: "tickets"),
            tokenRules: TokenRules(
                issuer: Self.issuer, audience: Self.issuer + Self.path, origin: .own,
                keys: IssuerKeys(keys)),
            transport: transport)
        let field = CredentialField(name: "Authorization", scheme: "Bearer")
        credential = bearer.map { field.line(Array($0.utf8)) } ?? []
        forwarder = Forwarder(
            target: UpstreamTarget(
                path: "/inner?x=1", authority: "inner.example:81",
                credentialField: bearer.map { _ in field }),
            callTimeout: callTimeout, eventLimit: eventLimit, contentLimit: contentLimit)
        try loop.start { context in
            var options = UpstreamOptions(host: "127.0.0.1", port: port)
            options.firstByteTimeout = firstByteTimeout
            context.resident = Resident(
                UpstreamPool(options: options, context: context, resolver: HostResolver(context)))
        }
    }

    /// A signed token that ends in so many seconds.
    private func token(seconds: Int64) throws -> String {
        let now = Int64(Clock.wall / 1_000_000_000)
        let claims =
            #"{"aud":"\#(Self.issuer)\#(Self.path)","client_id":"cli","exp":\#(now + seconds),"#
            + #""gid":"g1","grantable":"tickets:read","iat":\#(now - 100),"iss":"\#(Self.issuer)","#
            + #""jti":"j1","scope":"tickets:read","sub":"local:lee"}"#
        return try SignedJWT.compact(
            type: "at+jwt", keyID: "k1", claims: Array(claims.utf8), key: key)
    }

    private static func head(_ method: String, _ lines: [String]) throws -> RequestHead {
        let text =
            "\(method) \(path) HTTP/1.1\r\nHost: mcp.example.com\r\n"
            + lines.map { "\($0)\r\n" }.joined() + "\r\n"
        var decoder = RequestDecoder()
        var offset = 0
        guard case .head(let head) = try decoder.next(Array(text.utf8).span, &offset) else {
            throw Refused(status: 0)
        }
        return head
    }

    /// Forwards a request and returns the whole answer.
    func ask(
        _ method: String = "POST", _ lines: [String] = [], _ body: String = "",
        tokenSeconds: Int64 = 600, _ setUp: @escaping @Sendable (Sink) -> Void = { _ in }
    ) async throws -> Answered {
        let head = try requestHead(method, lines, body, tokenSeconds)
        return try await withCheckedThrowingContinuation { continuation in
            loop.execute { [self] context in
                guard let resident = context.resident as? Resident else { return }
                let sink = Sink { continuation.resume(returning: $0) }
                setUp(sink)
                resident.sinks.append(sink)
                if let status = forward(head, body, sink, resident) {
                    continuation.resume(throwing: Refused(status: status))
                }
            }
        }
    }

    /// Forwards a request whose answer nobody waits for.
    func begin(
        _ method: String = "POST", _ lines: [String] = [], _ body: String = "",
        _ setUp: @escaping @Sendable (Sink) -> Void = { _ in },
        completion: @escaping @Sendable (Answered) -> Void = { _ in }
    ) throws {
        let head = try requestHead(method, lines, body, 600)
        loop.execute { [self] context in
            guard let resident = context.resident as? Resident else { return }
            let sink = Sink(completion)
            setUp(sink)
            resident.sinks.append(sink)
            _ = forward(head, body, sink, resident)
        }
    }

    private func requestHead(
        _ method: String, _ lines: [String], _ body: String, _ seconds: Int64
    ) throws -> RequestHead {
        var all = lines + ["Authorization: Bearer \(try token(seconds: seconds))"]
        if method == "POST" {
            all += ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"]
        }
        return try Self.head(method, all)
    }

    /// Judges and forwards; the status where it was refused.
    private func forward(
        _ head: RequestHead, _ body: String, _ sink: Sink, _ resident: Resident
    ) -> Int? {
        let now = Int64(Clock.wall / 1_000_000_000)
        let verdict = authorizer.authenticate(
            head, for: server, cache: resident.cache, ended: EndedGrants(), at: now)
        switch verdict {
        case .answered(let refusal): return refusal.status
        // Nothing is fetched here.
        case .pending: return 0
        case .accepted(let token):
            let verdict = authorizer.authorize(
                head, body: Array(body.utf8), token: token, for: server,
                ended: EndedGrants(), at: now)
            switch consume verdict {
            case .refuse(let refusal): return refusal.status
            case .needsDefinition: return 0
            case .forward(let request):
                forwarder.forward(
                    request, showing: credential, over: resident.pool, to: sink,
                    authorizer: authorizer
                ) { sink.relay = $0 }
                return nil
            }
        }
    }

    /// Runs `work` on the loop with the sink of the last request.
    func visit<Value: Sendable>(_ work: @escaping @Sendable (Sink) -> Value) async -> Value? {
        await loop.visit { ($0.resident as? Resident)?.sinks.last.map(work) }
    }

    /// How many connections to the upstream are open, and how many of these are idle.
    func counts() async -> [Int] {
        await loop.visit { context in
            (context.resident as? Resident).map { [$0.pool.openCount, $0.pool.idleCount] } ?? []
        }
    }
}
