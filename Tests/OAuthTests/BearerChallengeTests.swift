import OAuth
import Testing

@Suite struct BearerChallengeTests {
    private static let metadata =
        "https://mcp.example.com/.well-known/oauth-protected-resource/tickets/mcp"

    @Test func `without a token the challenge has metadata and scope only`() throws {
        let scope = try #require(ScopeSet(parsing: "tickets:read tickets:write"))
        let challenge = BearerChallenge(
            resourceMetadata: Self.metadata, scope: scope, errorDescription: "not sent")
        #expect(
            challenge.value
                == "Bearer resource_metadata=\"\(Self.metadata)\", "
                + "scope=\"tickets:read tickets:write\"")
    }

    @Test func `the error comes last`() throws {
        let scope = try #require(ScopeSet(parsing: "a b"))
        let challenge = BearerChallenge(
            resourceMetadata: Self.metadata, scope: scope, error: .invalidToken,
            errorDescription: "The access token expired")
        #expect(
            challenge.value
                == "Bearer resource_metadata=\"\(Self.metadata)\", scope=\"a b\", "
                + "error=\"invalid_token\", error_description=\"The access token expired\"")
    }

    @Test func `nothing empty is written`() {
        let challenge = BearerChallenge(
            resourceMetadata: Self.metadata, scope: ScopeSet(), error: .insufficientScope)
        #expect(
            challenge.value
                == "Bearer resource_metadata=\"\(Self.metadata)\", error=\"insufficient_scope\"")
    }

    @Test func `bytes that end a value or a field are left out`() {
        let challenge = BearerChallenge(
            resourceMetadata: "u", scope: ScopeSet(), error: .invalidToken,
            errorDescription: "a\"b\\c\r\nd\u{0}é")
        #expect(
            challenge.value
                == "Bearer resource_metadata=\"u\", error=\"invalid_token\", "
                + "error_description=\"abcd\"")
    }

    @Test func `each error has the status of RFC 6750`() {
        #expect(BearerChallenge.ErrorCode.allCases.map(\.status) == [400, 401, 403])
    }
}
