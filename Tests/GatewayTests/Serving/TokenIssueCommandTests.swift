import Cryptography
import Foundation
import Testing

@testable import Gateway

/// The command writes on standard output and ends with a status, so each run is a process.
@Suite(.serialized, .timeLimit(.minutes(2))) struct TokenIssueCommandTests {
    /// Runs the command in a folder of its own and ends the process with its status.
    private static func run(
        server: String = "tickets", subject: String = "sam", scope: String? = nil,
        lifetime: String? = nil, overriding: Bool = false
    ) throws {
        let place = try Place(
            Place.start + "tokens: { access_lifetime: 10m }\nservers:\n" + Place.tickets
                + Place.foreign)
        let command = TokenIssueCommand(
            server: server, subject: subject, scope: scope, lifetime: lifetime,
            overridesPolicy: overriding)
        let status = command.run(configurationFile: place.path)
        withExtendedLifetime(place) {}
        if status != 0 { exit(status) }
    }

    /// The claims of the token that a process printed.
    private static func claims(_ result: ExitTest.Result?) throws -> [String: Any] {
        let text = String(decoding: try #require(result).standardOutputContent, as: UTF8.self)
        let line = try #require(text.split(separator: "\n").last { $0.hasPrefix("eyJ") })
        let parts = line.split(separator: ".")
        #expect(parts.count == 3)
        let content = try #require(Base64URL.decode(String(parts[1])))
        return try #require(try JSONSerialization.jsonObject(with: Data(content)) as? [String: Any])
    }

    private static func lifetime(_ claims: [String: Any]) -> Int? {
        guard let end = claims["exp"] as? Int, let start = claims["iat"] as? Int else { return nil }
        return end - start
    }

    @Test func `without wishes a token has what policy grants, for as long as tokens last`()
        async throws
    {
        let result = await #expect(
            processExitsWith: .success, observing: [\.standardOutputContent]
        ) { try Self.run() }
        let claims = try Self.claims(result)
        #expect(claims["scope"] as? String == "tickets:read")
        #expect(claims["grantable"] as? String == "tickets:read")
        #expect(claims["aud"] as? String == "http://127.0.0.1:8080/tickets/mcp")
        #expect(claims["iss"] as? String == "http://127.0.0.1:8080")
        #expect(claims["client_id"] as? String == "gatehouse-cli")
        #expect((claims["sub"] as? String)?.hasPrefix("local:") == true)
        #expect((claims["sub"] as? String)?.contains("sam") == false)
        #expect(Self.lifetime(claims) == 600)
    }

    @Test func `whom policy names has more, and may ask for less`() async throws {
        let result = await #expect(
            processExitsWith: .success, observing: [\.standardOutputContent]
        ) { try Self.run(subject: "lee", scope: "tickets:read", lifetime: "30s") }
        let claims = try Self.claims(result)
        #expect(claims["scope"] as? String == "tickets:read")
        #expect(claims["grantable"] as? String == "tickets:read tickets:write")
        #expect(Self.lifetime(claims) == 30)
    }

    /// Whether a process printed no token, and these words for whoever ran it.
    private static func isRefused(_ result: ExitTest.Result?, _ words: String) throws -> Bool {
        let result = try #require(result)
        let output = String(decoding: result.standardOutputContent, as: UTF8.self)
        let error = String(decoding: result.standardErrorContent, as: UTF8.self)
        return !output.contains("eyJ") && error.contains("gatehouse: ") && error.contains(words)
    }

    @Test func `what policy does not grant is refused`() async throws {
        let result = await #expect(
            processExitsWith: .exitCode(1),
            observing: [\.standardErrorContent, \.standardOutputContent]
        ) { try Self.run(scope: "tickets:write") }
        #expect(try Self.isRefused(result, "tickets:write may not be granted to sam"))
    }

    @Test func `the operator may override policy`() async throws {
        let result = await #expect(
            processExitsWith: .success, observing: [\.standardOutputContent]
        ) { try Self.run(scope: "tickets:write", overriding: true) }
        let claims = try Self.claims(result)
        #expect(claims["scope"] as? String == "tickets:write")
        #expect(claims["grantable"] as? String == "tickets:read tickets:write")
    }

    @Test func `an unknown server is refused with the names there are`() async throws {
        let result = await #expect(
            processExitsWith: .exitCode(1),
            observing: [\.standardErrorContent, \.standardOutputContent]
        ) { try Self.run(server: "ticket") }
        #expect(
            try Self.isRefused(result, "no server is called ticket; there are: tickets, foreign"))
    }

    @Test func `no token is made for a server whose tokens another issuer makes`() async throws {
        let result = await #expect(
            processExitsWith: .exitCode(1),
            observing: [\.standardErrorContent, \.standardOutputContent]
        ) { try Self.run(server: "foreign") }
        #expect(try Self.isRefused(result, "come from another issuer"))
    }

    @Test func `an unknown scope is refused, even to the operator`() async throws {
        let result = await #expect(
            processExitsWith: .exitCode(1),
            observing: [\.standardErrorContent, \.standardOutputContent]
        ) { try Self.run(scope: "tickets:nothing", overriding: true) }
        #expect(
            try Self.isRefused(result, "tickets has no scope tickets:nothing; it has: tickets:read")
        )
    }

    @Test func `a scope that is none is refused`() async throws {
        let first = await #expect(
            processExitsWith: .exitCode(1),
            observing: [\.standardErrorContent, \.standardOutputContent]
        ) { try Self.run(scope: "a\"b") }
        #expect(try Self.isRefused(first, "--scope is not a list"))
        let second = await #expect(
            processExitsWith: .exitCode(1),
            observing: [\.standardErrorContent, \.standardOutputContent]
        ) { try Self.run(scope: "") }
        #expect(try Self.isRefused(second, "--scope is not a list"))
    }

    @Test func `no token lasts longer than tokens last, nor no time`() async throws {
        let first = await #expect(
            processExitsWith: .exitCode(1),
            observing: [\.standardErrorContent, \.standardOutputContent]
        ) { try Self.run(lifetime: "601s") }
        #expect(try Self.isRefused(first, "--lifetime is over"))
        let second = await #expect(
            processExitsWith: .exitCode(1),
            observing: [\.standardErrorContent, \.standardOutputContent]
        ) { try Self.run(lifetime: "0s") }
        #expect(try Self.isRefused(second, "--lifetime is written as"))
        let third = await #expect(
            processExitsWith: .exitCode(1),
            observing: [\.standardErrorContent, \.standardOutputContent]
        ) { try Self.run(lifetime: "10") }
        #expect(try Self.isRefused(third, "--lifetime is written as"))
    }

    @Test func `a subject has a limit`() async throws {
        let first = await #expect(
            processExitsWith: .exitCode(1),
            observing: [\.standardErrorContent, \.standardOutputContent]
        ) { try Self.run(subject: "") }
        #expect(try Self.isRefused(first, "--subject"))
        let second = await #expect(
            processExitsWith: .exitCode(1),
            observing: [\.standardErrorContent, \.standardOutputContent]
        ) { try Self.run(subject: String(repeating: "x", count: 257)) }
        #expect(try Self.isRefused(second, "--subject"))
    }
}
