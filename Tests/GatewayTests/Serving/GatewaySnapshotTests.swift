import AuthorizationServer
import Logging
import ResourceServer
import Storage
import Testing
import Transport

@testable import Gateway

@Suite(.timeLimit(.minutes(1))) struct GatewaySnapshotTests {
    private static func snapshot(
        _ servers: String, start: String = Place.start
    ) async throws -> GatewaySnapshot {
        let place = try Place(start + "servers:\n" + servers)
        let configuration = try place.configuration()
        let pool = try BlockingPool(name: "test-pool", threads: 1, queueLimit: 4)
        let state = try await GatewayState.open(configuration, pool: pool)
        await state.store.close()
        let issuing = IssuingState(
            store: state.store, pool: pool, logger: Logger(label: "test"),
            atRest: KeysAtRest(masterKey: nil))
        return try GatewaySnapshot(
            configuration, keys: state.keys, issuing: issuing, labels: ServerLabels())
    }

    /// What a path leads to: the number of a server, a document's text, or nil.
    private static func route(_ snapshot: GatewaySnapshot, _ path: String) -> String? {
        switch snapshot.route(Array(path.utf8)[...]) {
        case .server(let index): "server \(index)"
        case .document(let bytes): String(decoding: bytes, as: UTF8.self)
        case .endpoint(let endpoint): "endpoint \(endpoint.path)"
        case nil: nil
        }
    }

    @Test func `a server answers at its path, with a slash at the end and without`() async throws {
        let snapshot = try await Self.snapshot(Place.tickets + Place.notes)
        let index = try #require(
            snapshot.servers.firstIndex { $0.protected.name == "tickets" })
        #expect(Self.route(snapshot, "/tickets/mcp") == "server \(index)")
        #expect(Self.route(snapshot, "/tickets/mcp/") == "server \(index)")
        #expect(Self.route(snapshot, "/notes/mcp") == "server \(1 - index)")
        let others = [
            "/", "", "/tickets", "/tickets/mcp//", "/Tickets/mcp", "/tickets/mcp/x",
            "/tickets/%6dcp", "/tickets/mcp?x=1", "*",
        ]
        for path in others { #expect(Self.route(snapshot, path) == nil, "\(path)") }
    }

    @Test func `the metadata of a server names the resource as the client spelled it`()
        async throws
    {
        let snapshot = try await Self.snapshot(Place.tickets + Place.notes)
        let wellKnown = "/.well-known/oauth-protected-resource"
        let resource = #""resource":"http://127.0.0.1:8080/tickets/mcp"#
        for (path, end) in [
            (wellKnown + "/tickets/mcp", "\""), (wellKnown + "/tickets/mcp/", "/\""),
            ("/tickets/mcp" + wellKnown, "\""),
        ] {
            #expect(Self.route(snapshot, path)?.contains(resource + end) == true, "\(path)")
        }
        #expect(Self.route(snapshot, wellKnown) == nil)
        #expect(Self.route(snapshot, wellKnown + "/") == nil)
    }

    @Test func `at the root there is metadata only where there is one server`() async throws {
        let snapshot = try await Self.snapshot(Place.tickets)
        let text = Self.route(snapshot, "/.well-known/oauth-protected-resource")
        #expect(text?.contains(#""resource":"http://127.0.0.1:8080/tickets/mcp""#) == true)
    }

    @Test func `keys of identity tokens are published only where an upstream gets such tokens`()
        async throws
    {
        let identity = "    upstream_authorization: { kind: identity }\n"
        let none = try await Self.snapshot(Place.tickets + Place.foreign)
        #expect(Self.route(none, "/identity-jwks") == nil)
        for servers in [Place.tickets + identity, Place.foreign + identity] {
            let snapshot = try await Self.snapshot(servers)
            let document = try #require(Self.route(snapshot, "/identity-jwks"))
            #expect(document.contains(#""kty":"EC""#))
            #expect(!document.contains(#""d":"#))
            #expect(document != Self.route(snapshot, "/jwks"))
        }
    }

    @Test func `keys are published only where the gateway issues tokens`() async throws {
        let own = try await Self.snapshot(Place.tickets + Place.foreign)
        let document = try #require(Self.route(own, "/jwks"))
        #expect(document.contains(#""kty":"EC""#))
        #expect(!document.contains(#""d":"#))
        let foreign = try await Self.snapshot(Place.foreign)
        #expect(Self.route(foreign, "/jwks") == nil)
        for endpoint in PublicEndpoint.allCases where endpoint != .signInCallback {
            #expect(Self.route(own, endpoint.path) == "endpoint \(endpoint.path)")
            #expect(Self.route(foreign, endpoint.path) == nil)
        }
        for path in [
            "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration",
        ] {
            #expect(Self.route(own, path)?.contains(#""issuer":"http://127.0.0.1:8080""#) == true)
            #expect(Self.route(own, path + "/tickets/mcp") == nil)
            #expect(Self.route(foreign, path) == nil)
        }
        #expect(Self.route(foreign, "/foreign/mcp") == "server 0")
    }

    @Test func `each provider has a place for its answers, and nobody else has one`() async throws {
        let providers = ["sso", "hub"].map {
            "\($0): { kind: oidc, issuer: https://\($0).example.com, client_id: g }"
        }
        let users = "local: { kind: users, file: users }"
        let start = Place.start.replacing(
            users, with: ([users] + providers).joined(separator: ", "))
        let snapshot = try await Self.snapshot(Place.tickets, start: start)
        for path in ["/sign-in/callback/sso", "/sign-in/callback/hub"] {
            #expect(Self.route(snapshot, path) == "endpoint /sign-in/callback")
        }
        for path in ["/sign-in/callback", "/sign-in/callback/", "/sign-in/callback/local"] {
            #expect(Self.route(snapshot, path) == nil)
        }
    }
}
