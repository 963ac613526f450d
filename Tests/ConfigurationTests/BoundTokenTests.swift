import OAuth
import Testing

@testable import Configuration

/// `tokens.dpop`, `tokens.dpop_nonce` and a server's `dpop`.
@Suite struct BoundTokenTests {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    /// What the file says of the gateway and of the server, and what the server does.
    struct Case: Sendable {
        var tokens = ""
        var server = ""
        let expected: DPoPUse
    }

    static let cases = [
        Case(expected: .allowed), Case(tokens: "dpop: off", expected: .off),
        Case(tokens: "dpop: required", expected: .required),
        Case(tokens: "dpop: required", server: ", dpop: allowed", expected: .allowed),
        Case(tokens: "dpop: required", server: ", dpop: off", expected: .off),
        Case(server: ", dpop: required", expected: .required),
        Case(tokens: "dpop: off", server: ", dpop: allowed", expected: .allowed),
    ]

    private func configuration(
        tokens: String = "", server: String = ""
    ) throws -> GatewayConfiguration {
        let upstream = "upstream: http://127.0.0.1:9000/mcp"
        let text =
            Workshop.least.replacing(upstream, with: upstream + server)
            + "tokens: { \(tokens) }\n"
        #expect(workshop.findings(text) == [])
        return try #require(workshop.read(text).configuration)
    }

    @Test(arguments: cases)
    func `a server does as the gateway unless it says`(_ item: Case) throws {
        let configuration = try configuration(tokens: item.tokens, server: item.server)
        #expect(configuration.servers.map(\.dpop) == [item.expected])
        let line = configuration.summary.split(separator: "\n").first {
            $0.contains("bound tokens")
        }
        switch item.expected {
        case .off: #expect(line == "  bound tokens  refused (DPoP is off)")
        case .allowed: #expect(line == nil)
        case .required: #expect(line == "  bound tokens  required of every client (DPoP)")
        }
    }

    @Test func `nonces are asked for unless they are off`() throws {
        let line = "\nDPoP nonces     off, so that proofs need none\n"
        for tokens in ["", "dpop_nonce: on"] {
            let configuration = try configuration(tokens: tokens)
            #expect(configuration.tokens.asksForNonce)
            #expect(!configuration.summary.contains(line))
        }
        let configuration = try configuration(tokens: "dpop_nonce: off")
        #expect(!configuration.tokens.asksForNonce)
        #expect(configuration.summary.contains(line))
    }

    @Test func `other words are refused`() {
        let findings = workshop.findings(
            Workshop.least + "tokens: { dpop: on, dpop_nonce: always }\n")
        #expect(findings.count == 2)
        #expect(findings.allSatisfy { $0.hasPrefix("6:") })
        #expect(
            findings.contains { $0.contains(#""tokens.dpop" must be off, allowed or required"#) })
        #expect(findings.contains { $0.contains(#""tokens.dpop_nonce" must be on or off"#) })
    }
}
