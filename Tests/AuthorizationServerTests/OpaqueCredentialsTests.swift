import Cryptography
import Foundation
import HTTP
import JOSE
import OAuth
import Seals
import Storage
import Synchronization
import Testing

@testable import AuthorizationServer

/// What the gateway hands out and takes back without its being a JWT to anybody: each in its own place
/// only, and never where a JWT is read; nor is a JWT taken where one of them is.
@Suite struct OpaqueCredentialsTests {
    /// What is handed out.
    enum Kind: String, CaseIterable, Sendable {
        case code, refreshToken, clientSecret, clientID, registrationToken, invitation
        case pushedRequest, pendingRequest, formProof
        // JWTs
        case accessToken, identityAssertion, clientAssertion
    }

    /// Where one of the first is taken.
    enum Place: CaseIterable, Sendable {
        case code, refresh, clientSecret, clientID, management, registration, authorization, consent
        case form

        /// What belongs here.
        var kind: Kind {
            switch self {
            case .code: .code
            case .refresh: .refreshToken
            case .clientSecret: .clientSecret
            case .clientID: .clientID
            case .management: .registrationToken
            case .registration: .invitation
            case .authorization: .pushedRequest
            case .consent: .pendingRequest
            case .form: .formProof
            }
        }
    }

    private static let now = TokenFixture.now
    private static let browser = String(repeating: "A", count: 43)

    /// A server, and one of each kind that belong together as far as they can.
    private final class Everything: Sendable {
        let fixture: TokenFixture
        let sessions: BrowserSession
        let texts: [Kind: String]

        var ring: KeyRing { fixture.ring.withLock { $0 } }
        var directory: ClientDirectory {
            ClientDirectory(
                store: fixture.store, ring: ring, options: fixture.options.registration)
        }

        init() async throws {
            fixture = try await MachineFixture.make()
            let ring = fixture.ring.withLock { $0 }
            sessions = BrowserSession(
                issuer: TokenFixture.issuer, ring: { ring }, users: Users([]))
            let id = fixture.secret.id
            let form = try FormParameters(parsing: Array("state=s".utf8)[...])
            let invitation = InitialAccessToken.make()
            let isKept = try await fixture.store.invite(
                InvitationRecord(
                    id: "i", digest: invitation.digest, name: "", useLimit: 100, createdAt: now,
                    expiresAt: now + 60), limit: 10, at: now)
            #expect(isKept)
            let pending = PendingAuthorization(
                id: "p", clientID: id, redirectURI: TokenFixture.callback, namesRedirectURI: true,
                codeChallenge: TokenFixture.challenge, server: "tickets", expiresAt: now + 60)
            let directory = ClientDirectory(
                store: fixture.store, ring: ring, options: fixture.options.registration)
            let tokens = try await fixture.tokens()
            texts = [
                .code: try await fixture.code(), .refreshToken: tokens.refresh,
                .clientSecret: fixture.secret.secret, .clientID: id,
                .registrationToken: try #require(directory.registrationToken(of: id)),
                .invitation: invitation.text,
                .pushedRequest: try #require(
                    PushedRequests(ring: ring).uri(of: form, for: id, key: nil, at: now)),
                .pendingRequest: try #require(
                    pending.sealed(for: Array(browser.utf8), with: ring)),
                .formProof: sessions.proof(for: "consent", browser: browser),
                .accessToken: tokens.access,
                .identityAssertion: try TokenFixture.identityAssertion(),
                .clientAssertion: try TokenFixture.clientAssertion(id: id),
            ]
        }
    }

    private static func isTaken(
        _ text: String, at place: Place, _ all: Everything
    ) async throws -> Bool {
        let (fixture, ring, id) = (all.fixture, all.ring, all.fixture.secret.id)
        switch place {
        case .code: return try await fixture.post(fixture.redemption(text)).status == 200
        case .refresh: return try await fixture.post(fixture.refresh(text)).status == 200
        case .clientSecret:
            let credentials = try ClientAuthenticationTests.credentials(.post, id, text)
            return (try? await fixture.authentication.client(credentials, for: nil, at: now)) != nil
        case .clientID: return try await all.directory.client(text, at: now) != nil
        case .management, .registration:
            var options = fixture.options.registration
            options.dynamic = .token
            let endpoint = RegistrationEndpoint(
                directory: ClientDirectory(store: fixture.store, ring: ring, options: options),
                rates: RegistrationRates(perMinute: 9, totalPerMinute: 9), options: options,
                issuer: TokenFixture.issuer, keySets: MachineKeys.lookUp)
            let isNew = place == .registration
            let request = try RegistrationFixture.request(
                isNew ? "POST" : "GET",
                body: isNew ? RegistrationFixture.body("Tool", [TokenFixture.callback]) : "",
                query: isNew ? "" : "?client_id=\(id)",
                fields: "Authorization: Bearer \(text)\r\n", atMilliseconds: now * 1000)
            return [200, 201].contains(await endpoint.respond(to: request).status)
        case .authorization:
            return PushedRequests(ring: ring).request(named: text, by: id, at: now) != nil
        case .consent:
            return
                (try? PendingAuthorization(
                    opening: text, for: Array(browser.utf8), with: ring, at: now)) != nil
        case .form: return all.sessions.isProof(text, for: "consent", browser: browser)
        }
    }

    /// The text as it is, and in the clothes of each other kind.
    private static func disguises(_ text: String) -> [String] {
        let prefix = PushedRequests.prefix
        let bare = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
        return [text, bare, prefix + bare, "d" + bare, "r" + bare, String(bare.dropFirst())]
    }

    @Test(arguments: Kind.allCases)
    func `each is taken in its own place and in no other`(kind: Kind) async throws {
        let all = try await Everything()
        let text = try #require(all.texts[kind])
        for place in Place.allCases where place.kind != kind {
            for disguise in Self.disguises(text) {
                let isTaken = try await Self.isTaken(disguise, at: place, all)
                #expect(!isTaken, "\(place)")
            }
        }
        for place in Place.allCases where place.kind == kind {
            #expect(try await Self.isTaken(text, at: place, all))
        }
    }

    @Test(arguments: OtherKindsOfTokenTests.Place.allCases)
    func `none of them is taken for a JWT`(place: OtherKindsOfTokenTests.Place) async throws {
        let all = try await Everything()
        for (kind, text) in all.texts {
            let isOfPlace =
                switch kind {
                // RFC 7009 §2.1
                case .refreshToken: place == .revocation
                case .accessToken: place.issuer == TokenFixture.issuer
                // Both grants are of one type: an assertion says itself which it is for.
                case .identityAssertion:
                    place == .identityAssertionGrant || place == .workloadGrant
                // Of a client that has a secret.
                case .clientAssertion: false
                case .code, .clientSecret, .clientID, .registrationToken, .invitation,
                    .pushedRequest, .pendingRequest, .formProof:
                    false
                }
            guard !isOfPlace else { continue }
            for disguise in [text, "\(text).\(text).\(text)", "e30.\(text).e30"] {
                let isTaken = try await OtherKindsOfTokenTests.isTaken(
                    disguise, at: place, all.fixture)
                #expect(!isTaken, "\(kind)")
            }
        }
    }
}
