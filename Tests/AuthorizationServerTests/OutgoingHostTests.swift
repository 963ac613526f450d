import Cryptography
import Foundation
import HTTP
import HTTPClient
import JOSE
import OAuth
import Synchronization
import Testing

@testable import AuthorizationServer

/// No parameter of a request says whom the gateway asks; only the ids of clients in domains that the
/// operator trusts do, and what the operator wrote.
@Suite struct OutgoingHostTests {
    private static let evil = "https://evil.example/x"

    /// Where keys were looked for.
    private final class Places: Sendable {
        private let urls = Mutex<[String]>([])
        var all: [String] { urls.withLock { $0 } }

        func lookUp(_ url: AbsoluteURI) -> any KeySetSource {
            urls.withLock { $0.append(url.description) }
            return MachineKeys.lookUp(url)
        }
    }

    private let host = DocumentHost()
    private let places = Places()

    private func endpoint(_ fixture: TokenFixture) -> TokenEndpoint {
        let issuer = AccessTokenIssuer(issuer: fixture.options.issuer, keys: fixture.keys)
        let directory = ClientDirectory(
            store: fixture.store, ring: fixture.ring.withLock { $0 },
            options: fixture.options.registration, documents: ClientDocuments(outbound: host),
            entries: fixture.options.clients)
        let places = places
        return TokenEndpoint(
            options: fixture.options, store: fixture.store,
            authentication: ClientAuthentication(
                directory: directory,
                assertions: ClientAssertions(
                    issuer: fixture.options.issuer, store: fixture.store,
                    keySets: { places.lookUp($0) },
                    clientKeySets: { url, _, _ in places.lookUp(url) })),
            users: fixture.users, ring: { fixture.ring.withLock { $0 } }, issuer: { issuer },
            keySets: { places.lookUp($0) })
    }

    /// What a request to the token endpoint brings.
    static let forms: [[String: String]] = {
        func signed(_ claims: [String: Any?], _ header: [String: Any?]) -> String {
            (try? TokenFixture.clientAssertion(claims, header: header)) ?? ""
        }
        let elsewhere: [String: Any?] = ["jku": evil, "x5u": evil]
        let assertions = [
            signed([:], elsewhere), signed([:], ["kid": evil]), signed([:], ["jku": evil]),
            signed(["jwks_uri": evil, "iss": evil, "sub": evil], [:]),
            signed(["iss": MachineFixture.identityProvider, "jwks_uri": evil], ["kid": evil]),
            signed(["iss": MachineFixture.platform, "jku": evil], ["x5u": evil]),
        ]
        let machine = ["client_id": "robot", "client_secret": MachineFixture.secret]
        return assertions.map { TokenFixture.signed($0, ClientAssertionTests.form) }
            + assertions.flatMap { assertion in
                [
                    ["grant_type": GrantType.jwtBearer.rawValue, "assertion": assertion],
                    [
                        "grant_type": GrantType.tokenExchange.rawValue, "subject_token": assertion,
                        "subject_token_type": TokenExchangeRequest.accessTokenType,
                        "resource": evil, "audience": evil,
                    ],
                ].map { $0.merging(machine) { $1 } }
            }
            + [
                ["grant_type": "client_credentials", "client_id": evil],
                [
                    "grant_type": "client_credentials", "client_id": "robot", "resource": evil,
                    "client_secret": MachineFixture.secret, "jwks_uri": evil, "request_uri": evil,
                ],
                ["grant_type": "authorization_code", "client_id": evil, "redirect_uri": evil],
            ]
    }()

    @Test(arguments: forms)
    func `a token request makes nobody be asked`(form: [String: String]) async throws {
        let fixture = try await MachineFixture.make()
        let endpoint = endpoint(fixture)
        let answer = await endpoint.respond(
            to: try TokenFixture.request(TokenFixture.encoded(form)))
        #expect(answer.status >= 400)
        #expect(host.requests.isEmpty)
        #expect(places.all.isEmpty)
    }

    @Test func `the operator's own place is asked, and a trusted domain`() async throws {
        let fixture = try await MachineFixture.make {
            $0.registration.trustedDomains = ["app.example"]
        }
        let endpoint = endpoint(fixture)
        for id in ["distant", "https://app.example/client.json"] {
            let form = TokenFixture.signed(
                try TokenFixture.clientAssertion(id: id), ClientAssertionTests.form)
            _ = await endpoint.respond(to: try TokenFixture.request(TokenFixture.encoded(form)))
        }
        #expect(places.all == [MachineKeys.place])
        #expect(host.requests.map(\.url.description) == ["https://app.example/client.json"])
    }

    /// What a request to the authorization endpoint has in the place of what is usual.
    static let requests: [[String: String?]] = [
        ["client_id": evil], ["request_uri": evil], ["request_uri": evil, "client_id": nil],
        ["request": "e30.e30.", "jku": evil], ["redirect_uri": evil], ["resource": evil],
        ["registration": #"{"jwks_uri":"\#(evil)"}"#], ["jwks_uri": evil], ["logo_uri": evil],
        ["id_token_hint": evil], ["login_hint": evil], ["sector_identifier_uri": evil],
    ]

    @Test(arguments: requests)
    func `an authorization request makes nobody be asked, pushed or not`(
        changes: [String: String?]
    ) async throws {
        let fixture = try await ConsentFixture(documents: ClientDocuments(outbound: host))
        let client = try await fixture.client()
        let target = ConsentFixture.target(client, changes)
        _ = try await ConsentBrowser(fixture).get(target)
        let endpoint = PushedRequestEndpoint(
            issuer: ConsentFixture.issuer,
            authentication: ClientAuthentication(directory: fixture.clients),
            ring: { fixture.ring })
        let form = String(target.drop { $0 != "?" }.dropFirst())
        _ = await endpoint.respond(to: try TokenFixture.request(form, target: "/par"))
        #expect(host.requests.isEmpty)
    }

    @Test func `nothing that a client registers is fetched`() async throws {
        let fixture = try await RegistrationFixture()
        let members = [
            "jwks_uri", "client_uri", "logo_uri", "policy_uri", "tos_uri", "sector_identifier_uri",
            "initiate_login_uri", "backchannel_logout_uri",
        ]
        let body =
            #"{"client_name":"Tool","redirect_uris":["http://127.0.0.1/"],"#
            + #""token_endpoint_auth_method":"private_key_jwt","request_uris":["\#(Self.evil)"],"#
            + members.map { #""\#($0)":"\#(Self.evil)""# }.joined(separator: ",") + "}"
        let directory = fixture.directory(documents: ClientDocuments(outbound: host))
        let registration = try await fixture.register(body, in: directory)
        #expect(registration.metadata.keySetURI?.description == Self.evil)
        _ = try await directory.client(registration.clientID, at: RegistrationFixture.now)
        #expect(host.requests.isEmpty)
    }
}
