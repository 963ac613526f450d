import AuthorizationServer
import Cryptography
import Foundation
import HTTP
import JOSE
import JSON
import OAuth
import Storage
import Testing

/// A client assertion, and why it is refused; nil where it is not.
struct AssertionCase: Sendable, CustomTestStringConvertible {
    let name: String
    let isGood: Bool
    let make: @Sendable () throws -> String

    var testDescription: String { name }

    init(
        _ name: String, isGood: Bool = false, _ claims: [String: any Sendable] = [:],
        without: [String] = [], header: [String: any Sendable] = [:], by key: SigningKey? = nil
    ) {
        self.name = name
        self.isGood = isGood
        make = {
            var changes: [String: Any?] = claims.mapValues { $0 }
            for name in without { changes[name] = .some(nil) }
            return try TokenFixture.clientAssertion(
                changes, header: header.mapValues { $0 }, by: key ?? MachineKeys.own)
        }
    }
}

@Suite struct ClientAssertionTests {
    static let form = ["grant_type": "client_credentials", "resource": MachineFixture.ticketsURL]
    private static let now = TokenFixture.now
    private static let url = "\(TokenFixture.issuer)/token"

    /// RFC 7523 §3 and RFC 8725: what holds and what does not.
    static let cases: [AssertionCase] = [
        AssertionCase("as it should be", isGood: true),
        AssertionCase("for the token endpoint", isGood: true, ["aud": url]),
        AssertionCase("for us as a URL", isGood: true, ["aud": "\(TokenFixture.issuer)/"]),
        AssertionCase(
            "for both spellings of us", isGood: true, ["aud": [TokenFixture.issuer, url]]),
        AssertionCase("of typ JWT", isGood: true, header: ["typ": "JWT"]),
        AssertionCase(
            "of its own typ", isGood: true, header: ["typ": "client-authentication+jwt"]),
        AssertionCase(
            "by another key of the client", isGood: true, header: ["kid": "edwards"],
            by: MachineKeys.edwards),
        AssertionCase("at the limit of its lifetime", isGood: true, ["exp": now + 600]),
        AssertionCase("that has just ended by our clock", isGood: true, ["exp": now - 29]),
        AssertionCase("from a clock that is a little ahead", isGood: true, ["iat": now + 30]),
        AssertionCase("without iat", isGood: true, without: ["iat"]),
        AssertionCase("by a foreign key", by: MachineKeys.other),
        AssertionCase("by a key of another id", header: ["kid": "edwards"]),
        AssertionCase("with alg none", header: ["alg": "none"]),
        AssertionCase("with alg HS256", header: ["alg": "HS256"]),
        AssertionCase("with alg RS256", header: ["alg": "RS256"]),
        AssertionCase("with jku", header: ["jku": MachineKeys.place]),
        AssertionCase("with x5u", header: ["x5u": MachineKeys.place]),
        AssertionCase("with jwk", header: ["jwk": ["kty": "EC"]]),
        AssertionCase("with x5c", header: ["x5c": ["AAAA"]]),
        AssertionCase("with crit", header: ["crit": ["b64"], "b64": true]),
        AssertionCase("with another JWT in it", header: ["cty": "JWT"]),
        AssertionCase("of typ at+jwt", header: ["typ": "at+jwt"]),
        AssertionCase("of typ dpop+jwt", header: ["typ": "dpop+jwt"]),
        AssertionCase("about somebody else", ["sub": "robot"]),
        AssertionCase("about nobody", without: ["sub"]),
        AssertionCase("of another client", ["iss": "robot"]),
        AssertionCase("of nobody", without: ["iss"]),
        AssertionCase("for nobody", without: ["aud"]),
        AssertionCase("for somebody else", ["aud": "https://other.example"]),
        AssertionCase("for us with two slashes", ["aud": "\(TokenFixture.issuer)//"]),
        AssertionCase("for another endpoint", ["aud": "\(TokenFixture.issuer)/par"]),
        AssertionCase("for us and others", ["aud": [TokenFixture.issuer, "https://o.example"]]),
        AssertionCase("for us in capitals", ["aud": "HTTPS://GATE.EXAMPLE"]),
        AssertionCase("without exp", without: ["exp"]),
        AssertionCase("that has ended", ["exp": now - 31]),
        AssertionCase("that is good for too long", ["exp": now + 601]),
        AssertionCase("that is not good yet", ["nbf": now + 31]),
        AssertionCase("made in the future", ["iat": now + 31]),
        AssertionCase("without jti", without: ["jti"]),
        AssertionCase("with an empty jti", ["jti": ""]),
        AssertionCase("with a jti that is too long", ["jti": String(repeating: "x", count: 257)]),
        AssertionCase("with a nonce, as ID tokens have", ["nonce": "n"]),
        AssertionCase("with events", ["events": ["a": "b"]]),
    ]

    @Test(arguments: cases)
    func `an assertion proves the client or nothing`(_ assertion: AssertionCase) async throws {
        let fixture = try await MachineFixture.make()
        let answer = try await fixture.post(TokenFixture.signed(try assertion.make(), Self.form))
        if assertion.isGood {
            #expect(answer.status == 200, "\(answer.reason ?? "") \(answer.texts)")
        } else {
            #expect(answer.status == 401 && answer.tokenError == "invalid_client")
        }
        // A jti of what was refused by its claims or its key is not noted.
        #expect(
            fixture.store.calls.contains("use") == assertion.isGood
                || assertion.name.contains("about"))
    }

    @Test func `an assertion is used once, on other replicas of the store too`() async throws {
        let fixture = try await MachineFixture.make()
        let assertion = try TokenFixture.clientAssertion()
        let form = TokenFixture.signed(assertion, Self.form)
        #expect(try await fixture.post(form).status == 200)
        // Each answer is from an endpoint of its own, as a replica has it; only the store is shared.
        for seconds in [0, 1, 89] as [Int64] {
            let again = try await fixture.post(form, seconds: seconds)
            #expect(again.status == 401)
            #expect(again.texts["error_description"]?.contains("jti") == true)
        }
    }

    @Test func `of 16 equal assertions at once one proves the client`() async throws {
        let fixture = try await MachineFixture.make()
        let form = TokenFixture.signed(try TokenFixture.clientAssertion(), Self.form)
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<16 { group.addTask { try await fixture.post(form).status } }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(statuses.count { $0 == 200 } == 1)
        #expect(statuses.count { $0 == 401 } == 15)
    }

    @Test func `the same jti from two issuers is two assertions`() async throws {
        let fixture = try await MachineFixture.make()
        for id in ["signer", "distant"] {
            let assertion = try TokenFixture.clientAssertion(["jti": "same"], id: id)
            let answer = try await fixture.post(TokenFixture.signed(assertion, Self.form))
            #expect(answer.status == 200)
        }
    }

    @Test func `keys that are elsewhere are fetched, or the client tries again later`() async throws
    {
        let fixture = try await MachineFixture.make()
        let good = try TokenFixture.clientAssertion(id: "distant")
        #expect(try await fixture.post(TokenFixture.signed(good, Self.form)).status == 200)
        let lost = try await fixture.post(
            TokenFixture.signed(try TokenFixture.clientAssertion(id: "lost"), Self.form))
        #expect(lost.status == 503 && lost.tokenError == "temporarily_unavailable")
    }

    @Test(arguments: [
        ["client_id": "robot"], ["client_id": "SIGNER"], ["client_secret": "s"],
        ["client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"],
    ])
    func `the id beside an assertion is the same, and no secret is beside it`(
        more: [String: String]
    ) async throws {
        let fixture = try await MachineFixture.make()
        let form = TokenFixture.signed(try TokenFixture.clientAssertion(), Self.form)
        #expect(try await fixture.post(form.merging(["client_id": "signer"]) { $1 }).status == 200)
        let fresh = TokenFixture.signed(try TokenFixture.clientAssertion(), Self.form)
        let answer = try await fixture.post(fresh.merging(more) { $1 })
        #expect([400, 401].contains(answer.status))
        #expect(["invalid_client", "invalid_request"].contains(answer.tokenError ?? ""))
    }

    @Test func `who has keys proves nothing by a secret or its id alone`() async throws {
        let fixture = try await MachineFixture.make()
        let bare = Self.form.merging(["client_id": "signer"]) { $1 }
        #expect(try await fixture.post(bare).tokenError == "invalid_client")
        #expect(try await fixture.postBasic(Self.form, id: "signer").tokenError == "invalid_client")
        let empty = bare.merging(["client_secret": "x"]) { $1 }
        #expect(try await fixture.post(empty).tokenError == "invalid_client")
    }

    @Test func `who has a secret proves nothing by an assertion`() async throws {
        let fixture = try await MachineFixture.make()
        let assertion = try TokenFixture.clientAssertion(id: "robot")
        let answer = try await fixture.post(TokenFixture.signed(assertion, Self.form))
        #expect(answer.tokenError == "invalid_client")
    }

    @Test func `an unknown client is told the same as a wrong signature`() async throws {
        let fixture = try await MachineFixture.make()
        let unknown = try await fixture.post(
            TokenFixture.signed(try TokenFixture.clientAssertion(id: "nobody"), Self.form))
        let wrong = try await fixture.post(
            TokenFixture.signed(
                try TokenFixture.clientAssertion(by: MachineKeys.other), Self.form))
        #expect(unknown.body == wrong.body)
    }

    @Test func `a store that fails accepts nothing`() async throws {
        let fixture = try await MachineFixture.make()
        fixture.store.fail(["use"])
        let form = TokenFixture.signed(try TokenFixture.clientAssertion(), Self.form)
        let answer = try await fixture.post(form)
        #expect(answer.status == 503)
    }
}
