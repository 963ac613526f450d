import Cryptography
import OAuth
import Storage
import Testing

@testable import AuthorizationServer

/// `dpop_jkt` from the authorization request to the code (RFC 9449 §10).
@Suite struct KeyOfCodeTests {
    private static let key = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"

    /// The thumbprint that the code of a request has.
    private static func thumbprint(
        _ parameter: String?, _ use: DPoPUse = .allowed
    ) async throws -> String? {
        let fixture = try await ConsentFixture { options in
            for index in options.resources.indices { options.resources[index].dpop = use }
        }
        let browser = ConsentBrowser(fixture)
        let page = try await browser.consentPage(
            try await fixture.client(), ["dpop_jkt": parameter])
        let code = try #require(try await browser.decide(on: page).answer()?["code"])
        return try await fixture.store.code(sha256(Array(code.utf8)).bytes)?.keyThumbprint
    }

    @Test func `the key of the request binds the code`() async throws {
        #expect(try await Self.thumbprint(Self.key) == Self.key)
        #expect(try await Self.thumbprint(nil) == nil)
        #expect(try await Self.thumbprint(Self.key, .required) == Self.key)
    }

    @Test func `where no proof is read the code is bound to nothing`() async throws {
        #expect(try await Self.thumbprint(Self.key, .off) == nil)
    }

    @Test(arguments: ["x", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4J", key + "=", key + key])
    func `what is no thumbprint is refused`(text: String) async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let answer = try await browser.get(
            ConsentFixture.target(try await fixture.client(), ["dpop_jkt": text])
        ).answer()
        #expect(answer?["error"] == "invalid_request")
    }

    @Test func `two keys are refused`() async throws {
        let fixture = try await ConsentFixture()
        let target = ConsentFixture.target(try await fixture.client(), ["dpop_jkt": Self.key])
        let answer = try await ConsentBrowser(fixture).get(target + "&dpop_jkt=\(Self.key)")
            .answer()
        #expect(answer?["error"] == "invalid_request")
    }
}
