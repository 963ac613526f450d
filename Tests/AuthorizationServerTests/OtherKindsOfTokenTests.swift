import AuthorizationServer
import Cryptography
import Foundation
import HTTP
import JOSE
import JSON
import OAuth
import ResourceServer
import Storage
import Testing

/// RFC 8725 §3.11, §3.12: each kind of JWT in every other's place, signed by the very keys that are
/// trusted there, with the claims that would be right there wherever its own kind allows.
@Suite struct OtherKindsOfTokenTests {
    /// The kinds of JWT that there are.
    enum Kind: String, CaseIterable, Sendable {
        case accessToken, identityToken, idToken, plainIDToken, identityAssertion, workload
        case clientAssertion
        case softwareStatement, proof, checkpoint
    }

    /// The places where one kind is taken here.
    enum Place: CaseIterable, Sendable {
        case clientAuthentication, identityAssertionGrant, workloadGrant, exchange, introspection
        case revocation, resourceServer, foreignResourceServer

        /// The kinds that belong here.
        var kinds: Set<Kind> {
            switch self {
            case .clientAuthentication: [.clientAssertion]
            case .identityAssertionGrant: [.identityAssertion]
            case .workloadGrant: [.workload]
            case .exchange, .introspection, .revocation: [.accessToken]
            case .resourceServer, .foreignResourceServer: [.accessToken]
            }
        }

        /// The issuer that is trusted here.
        var issuer: String {
            switch self {
            case .clientAuthentication: "signer"
            case .identityAssertionGrant, .foreignResourceServer: MachineFixture.identityProvider
            case .workloadGrant: MachineFixture.platform
            case .exchange, .introspection, .revocation, .resourceServer: TokenFixture.issuer
            }
        }

        /// What a JWT must be for here.
        var audience: String {
            switch self {
            case .clientAuthentication, .identityAssertionGrant, .workloadGrant: TokenFixture.issuer
            case .exchange, .introspection, .revocation, .resourceServer, .foreignResourceServer:
                MachineFixture.ticketsURL
            }
        }
    }

    /// A JWT of a kind, as near as it can come to what a place takes.
    private static func token(
        _ kind: Kind, for place: Place, grantID: String, by fixture: TokenFixture,
        contentType: String? = nil
    ) throws -> String {
        let now = TokenFixture.now
        let isOurs = place.issuer == TokenFixture.issuer
        var claims: [String: Any?] = [
            "iss": place.issuer, "iat": now, "exp": now + 60, "jti": UUID().uuidString,
            "aud": place.audience, "sub": "one",
        ]
        var type: String? = "JWT"
        switch kind {
        case .accessToken:
            type = "at+jwt"
            for (name, value) in ["client_id": "app", "gid": grantID, "scope": "read"] {
                claims[name] = value
            }
        case .identityToken:
            type = "gatehouse-identity+jwt"
            for (name, value) in ["client_id": "app", "gid": grantID, "scope": "read"] {
                claims[name] = value
            }
        case .idToken:
            for (name, value) in ["nonce": "n", "azp": "signer", "at_hash": "h"] {
                claims[name] = value
            }
        case .plainIDToken:
            // Without a nonce nothing but its audience, the client, tells (OpenID Connect Core §2).
            claims["aud"] = "signer"
            claims["azp"] = "signer"
        case .identityAssertion:
            type = "oauth-id-jag+jwt"
            claims["client_id"] = "robot"
            claims["resource"] = MachineFixture.ticketsURL
            claims["login"] = "ann"
        case .workload: break
        case .clientAssertion: type = "client-authentication+jwt"
        case .softwareStatement:
            claims["software_id"] = "s"
            claims["redirect_uris"] = ["https://a.example/"]
        case .proof:
            type = "dpop+jwt"
            claims["htm"] = "POST"
            claims["htu"] = "\(TokenFixture.issuer)/token"
        case .checkpoint:
            type = "gatehouse-audit+jwt"
        }
        // Whoever could be meant there, so that nothing but its kind speaks against it.
        switch place {
        case .clientAuthentication: claims["sub"] = kind == .workload ? "one" : place.issuer
        case .identityAssertionGrant, .workloadGrant: break
        case .exchange, .introspection, .revocation, .resourceServer, .foreignResourceServer:
            claims["sub"] = TokenFixture.ann.subject
        }
        let key = isOurs ? fixture.keys.current : MachineKeys.own
        let id = isOurs ? fixture.keys.currentID : "own"
        return try MachineKeys.jwt(
            claims, header: ["typ": type, "cty": contentType, "kid": id], by: key)
    }

    /// Whether a place takes it.
    static func isTaken(
        _ token: String, at place: Place, _ fixture: TokenFixture
    ) async throws -> Bool {
        let grant = ["grant_type": GrantType.jwtBearer.rawValue, "assertion": token]
        switch place {
        case .clientAuthentication:
            let form = TokenFixture.signed(token, ClientAssertionTests.form)
            return try await fixture.post(form).status == 200
        case .identityAssertionGrant, .workloadGrant:
            return try await fixture.postBasic(grant).status == 200
        case .exchange:
            let form = [
                "grant_type": GrantType.tokenExchange.rawValue, "subject_token": token,
                "subject_token_type": TokenExchangeRequest.accessTokenType,
                "resource": MachineFixture.wikiURL,
            ]
            return try await fixture.postBasic(form, id: "app").status == 200
        case .introspection:
            let issuer = AccessTokenIssuer(issuer: TokenFixture.issuer, keys: fixture.keys)
            let endpoint = IntrospectionEndpoint(
                options: fixture.options, store: fixture.store,
                authentication: fixture.authentication, issuer: { issuer })
            let form = [
                "token": token, "client_id": "robot", "client_secret": MachineFixture.secret,
            ]
            let answer = await endpoint.respond(
                to: try TokenFixture.request(TokenFixture.encoded(form), target: "/introspect"))
            return answer.body != Array(#"{"active":false}"#.utf8)
        case .revocation:
            let form = [
                "token": token, "client_id": "app", "client_secret": MachineFixture.secret,
            ]
            let answer = await fixture.revocation.respond(
                to: try TokenFixture.request(TokenFixture.encoded(form), target: "/revoke"))
            return !answer.endedGrants.isEmpty
        case .resourceServer, .foreignResourceServer:
            let isOurs = place == .resourceServer
            let keys = isOurs ? fixture.keys.keySet : try MachineKeys.set()
            let server = try ProtectedServer(
                name: "tickets", path: "/tickets/mcp", publicURL: TokenFixture.issuer,
                policy: try ScopePolicy([ScopeDefinition(name: "read")], serverName: "tickets"),
                tokenRules: TokenRules(
                    issuer: place.issuer, audience: place.audience,
                    origin: isOurs ? .own : .foreign, keys: IssuerKeys(keys)))
            let bytes = Array(token.utf8)[...]
            do throws(TokenViolation) {
                _ = try AccessTokenVerifier.verify(bytes, for: server, at: TokenFixture.now)
                return true
            } catch {
                return false
            }
        }
    }

    @Test(arguments: Place.allCases, Kind.allCases)
    func `every kind of JWT is taken in its own place and in no other`(
        place: Place, kind: Kind
    ) async throws {
        let fixture = try await MachineFixture.make()
        var grantID = ""
        for (server, scope) in [("wiki", "wiki"), ("tickets", "read")] {
            let code = try await fixture.code(scope: scope, client: "app", server: server)
            let form = fixture.redemption(code, ["client_id": nil])
            let tokens = try TokenAnswer(try await fixture.postBasic(form, id: "app"))
            grantID = try await tokens.grant(fixture).id
        }
        let token = try Self.token(kind, for: place, grantID: grantID, by: fixture)
        let isTaken = try await Self.isTaken(token, at: place, fixture)
        #expect(isTaken == place.kinds.contains(kind))
    }

    @Test(arguments: [Place.resourceServer, .foreignResourceServer])
    func `an access token in which another JWT is said to be is none`(place: Place) async throws {
        let fixture = try await MachineFixture.make()
        for (contentType, isTaken) in [(nil, true), ("JWT", false), ("json", false)] {
            let token = try Self.token(
                .accessToken, for: place, grantID: "g", by: fixture, contentType: contentType)
            #expect(try await Self.isTaken(token, at: place, fixture) == isTaken)
        }
    }
}
