import Cryptography
import Foundation
import HTTP
import OAuth
import Seals
import Storage
import Testing

@testable import AuthorizationServer

/// An authorization server with a real store and real cookies, and its endpoints with pages.
final class ConsentFixture: Sendable {
    static let issuer = "https://gate.example"
    static let callback = "http://127.0.0.1:4711/callback"
    static let start: Int64 = 1_800_000_000
    static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

    let store: SQLiteStore
    let ring: KeyRing
    let options: AuthorizationServerOptions
    let clients: ClientDirectory
    let interaction: Interaction
    let providers: [Provider]
    private let signIn: SignInEndpoint
    private let folder: ConsentFolder
    private let documents: ClientDocuments?

    /// A server that differs from the usual one as `change` says.
    convenience init(
        documents: ClientDocuments? = nil, providers: [Provider] = [],
        changing change: (inout AuthorizationServerOptions) throws -> Void = { _ in }
    ) async throws {
        let folder = try ConsentFolder()
        try Self.writeUsers(in: folder)
        var options = AuthorizationServerOptions(
            issuer: Self.issuer, resources: [try Self.tickets()],
            registration: RegistrationOptions(
                redirectURIs: [.known, .loopback, .host("agent.example")]))
        try change(&options)
        try self.init(
            options, try await SQLiteStore.open(path: folder.path + "/gatehouse.db"),
            KeyRing([KeyRing.makeSecret()]), folder, documents, providers)
    }

    private init(
        _ options: AuthorizationServerOptions, _ store: SQLiteStore, _ ring: KeyRing,
        _ folder: ConsentFolder, _ documents: ClientDocuments?, _ providers: [Provider]
    ) throws {
        self.documents = documents
        self.providers = providers
        (self.options, self.store, self.ring, self.folder) = (options, store, ring, folder)
        clients = ClientDirectory(
            store: store, ring: ring, options: options.registration, documents: documents,
            entries: options.clients)
        (interaction, signIn) = try Self.endpoints(
            options, clients, store, ring, folder, providers)
    }

    /// The same server, configured anew.
    func reloaded(
        changing change: (inout AuthorizationServerOptions) throws -> Void
    ) throws -> ConsentFixture {
        var options = options
        try change(&options)
        return try ConsentFixture(options, store, ring, folder, documents, providers)
    }

    static func scope(
        _ name: String, _ description: String = "", includes: [String] = [], isInitial: Bool = true,
        grantedTo: [String]? = nil, clients: GuardedScope.Clients = .any
    ) throws -> GuardedScope {
        GuardedScope(
            name: try #require(ScopeToken(name)), description: description,
            includes: includes.compactMap(ScopeToken.init), isInitial: isInitial,
            grantedTo: grantedTo, clients: clients)
    }

    static func tickets() throws -> GuardedResource {
        GuardedResource(
            name: "tickets", title: "Tickets",
            resource: try #require(ResourceIndicator("\(issuer)/tickets/mcp")),
            scopes: [
                try scope("tickets:read", "Read tickets"),
                try scope("tickets:write", "Change tickets", includes: ["tickets:read"]),
                try scope(
                    "tickets:close", "Close tickets", isInitial: false,
                    grantedTo: ["local/user:lee"]),
                try scope("tickets:admin", "Delete tickets", isInitial: false, clients: .verified),
            ])
    }

    static func wiki() throws -> GuardedResource {
        GuardedResource(
            name: "wiki", title: "Wiki",
            resource: try #require(ResourceIndicator("\(issuer)/wiki/mcp")),
            scopes: [try scope("wiki", "Read the wiki")])
    }

    /// Registers a client.
    func client(
        name: String = "Example Agent", redirectURIs: [String] = [callback]
    ) async throws -> String {
        let uris = redirectURIs.map { "\"\($0)\"" }.joined(separator: ",")
        let quoted = String(decoding: try JSONEncoder().encode(name), as: UTF8.self)
        let metadata = try ClientMetadata(
            parsing: Array("{\"client_name\":\(quoted),\"redirect_uris\":[\(uris)]}".utf8))
        guard
            case .accepted(let registration) = try await clients.register(metadata, at: Self.start)
        else { throw PageChecker.Flaw(description: "not registered") }
        return registration.clientID
    }

    /// The target of an authorization request, with parameters changed, or left out if nil.
    static func target(_ client: String, _ changes: [String: String?] = [:]) -> String {
        var parameters: [String: String?] = [
            "response_type": "code", "client_id": client, "redirect_uri": callback,
            "state": "state-1", "code_challenge": challenge, "code_challenge_method": "S256",
        ]
        for (name, value) in changes { parameters[name] = .some(value) }
        return "/authorize?"
            + encoded(parameters.compactMap { name, value in value.map { (name, $0) } })
    }

    /// Pairs as a form spells them.
    static func encoded(_ pairs: [(String, String)]) -> String {
        pairs.map { name, value in "\(escaped(name))=\(escaped(value))" }.joined(separator: "&")
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
                ? String(UnicodeScalar(byte))
                : "%" + String(byte + 0, radix: 16, uppercase: true).leftPadded
        }.joined()
    }

    /// Passes a request to the endpoint of its path.
    func respond(to request: EndpointRequest) async -> EndpointResponse {
        switch request.head.path {
        case "/authorize": await AuthorizationEndpoint(interaction).respond(to: request)
        case "/consent": await ConsentEndpoint(interaction).respond(to: request)
        case "/sign-in": await signIn.respond(to: request)
        case "/sign-out": await SignOutEndpoint(interaction).respond(to: request)
        case let path where path.hasPrefix(ProviderOptions.callbackPrefix):
            await SignInCallbackEndpoint(interaction).respond(to: request)
        case "/account": await AccountEndpoint(interaction).respond(to: request)
        default: EndpointResponse(status: 404)
        }
    }

    /// Writes a grant, as a redeemed code would.
    func grant(
        _ id: String, to user: String, client: String = "c", server: String = "tickets",
        scope: String = "tickets:read", declined: String = "", name: String = "Example Agent",
        endsAt: Int64 = start + 3600
    ) async throws {
        try await store.record(
            GrantRecord(
                id: id, server: server, subject: user, source: "local", userName: "x",
                client: client, clientName: name, scope: scope, declinedScope: declined,
                issuedAt: Self.start, expiresAt: endsAt))
    }
}

extension String {
    fileprivate var leftPadded: String { count == 1 ? "0" + self : self }
}

/// A folder of one test's own, gone when the test ends.
final class ConsentFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "gatehouse-\(UUID())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
