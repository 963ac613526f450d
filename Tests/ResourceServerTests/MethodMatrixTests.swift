import JSON
import MCP
import OAuth
import Testing

@testable import ResourceServer

/// Every method, in every revision, for every row of the decision table: forwarded or not, status,
/// code and challenge.
@Suite struct MethodMatrixTests {
    struct Case: CustomTestStringConvertible {
        let method: MCPMethod
        let row: MatrixRow
        let revision: ProtocolRevision
        var testDescription: String {
            "\(MethodMatrix.methodName(method, row)) \(row) \(revision.rawValue)"
        }
    }

    static let cases = MethodMatrix.methods.flatMap { method in
        MatrixRow.allCases.flatMap { row in
            ProtocolRevision.allCases.map { Case(method: method, row: row, revision: $0) }
        }
    }

    private static func test(observing: Bool = false) throws -> TestServer {
        try TestServer(
            definitions: MethodMatrix.definitions,
            observation: observing ? ObservationPeriod(endsAt: TestServer.now + 60) : nil)
    }

    private static func token(_ test: TestServer) throws -> String {
        try test.token(scope: "held", ["grantable": "\"held more\""])
    }

    /// The body and fields of a request, nil where the method has no such row.
    private static func request(
        _ one: Case, _ test: TestServer, _ token: String
    ) throws -> (lines: [String], body: String)? {
        let verified = try test.verify(token)
        let asked = try MethodMatrix.params(of: one.method, one.row) { tool in
            let origin = TaskOrigin(method: Array("tools/call".utf8), target: Array(tool.utf8))
            let sealed = try #require(
                test.tasks.seal(Array("upstream-\(tool)".utf8), of: origin, for: verified))
            return String(decoding: sealed, as: UTF8.self)
        }
        guard let asked else { return nil }
        let name = MethodMatrix.methodName(one.method, one.row)
        var lines: [String] = []
        var members = asked.members
        switch one.revision.era {
        case .modern:
            lines += ["MCP-Protocol-Version: 2026-07-28", "Mcp-Method: \(name)"]
            if let target = asked.name { lines.append("Mcp-Name: \(target)") }
            members += members.isEmpty ? "" : ","
            members +=
                #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","#
                + #""io.modelcontextprotocol/clientCapabilities":{}}"#
        case .legacy:
            lines.append("MCP-Protocol-Version: \(one.revision.rawValue)")
        }
        let id = name.hasPrefix("notifications/") ? "" : #""id":"m-1","#
        let body = #"{"jsonrpc":"2.0",\#(id)"method":"\#(name)","params":{\#(members)}}"#
        return (lines, body)
    }

    private static func outcome(_ outcome: Outcome) throws -> MatrixOutcome {
        guard let refusal = outcome.refusal else { return .forwarded }
        let root = try JSONDocument(parsing: refusal.body).root
        return .refused(
            status: refusal.status, code: try #require(root["error"]?["code"]?.integer),
            hasChallenge: outcome.field("WWW-Authenticate") != nil)
    }

    @Test(arguments: cases)
    func `each request becomes what the table says`(one: Case) throws {
        let test = try Self.test()
        let token = try Self.token(test)
        guard let request = try Self.request(one, test, token) else { return }
        let outcome = try test.outcome(token: token, request.lines, body: request.body)
        #expect(
            try Self.outcome(outcome)
                == MethodMatrix.expected(one.method, one.row, one.revision.era))
        if let refusal = outcome.refusal {
            let ruling = try #require(refusal.ruling)
            #expect(!ruling.isObserved)
            #expect((ruling.neededScope?.text == "more") == (refusal.status == 403))
            if outcome.field("WWW-Authenticate") != nil {
                #expect(outcome.body.contains(#""scope":"held more""#))
            }
            // The id of the request comes back, so that a client knows which one failed.
            let hasID = !MethodMatrix.methodName(one.method, one.row).hasPrefix("notifications/")
            #expect(outcome.body.contains(#""id":"m-1""#) == hasID)
        } else {
            let forwarded = try #require(outcome.forwarded)
            #expect(forwarded.ruling.kind == .allow)
            let names = String(decoding: forwarded.body, as: UTF8.self)
            #expect(names == request.body || names.contains("upstream-"))
        }
    }

    @Test(arguments: cases)
    func `without a token nothing is told apart`(one: Case) throws {
        let test = try Self.test()
        guard let request = try Self.request(one, test, Self.token(test)) else { return }
        let outcome = try test.outcome(token: nil, request.lines, body: request.body)
        #expect(outcome.status == 401)
        #expect(outcome.refusal?.ruling?.kind == .unauthenticated)
    }

    @Test(arguments: cases)
    func `observe mode relaxes what scopes decide, and nothing else`(one: Case) throws {
        let test = try Self.test(observing: true)
        let token = try Self.token(test)
        guard let request = try Self.request(one, test, token) else { return }
        let outcome = try test.outcome(token: token, request.lines, body: request.body)
        let enforced = MethodMatrix.expected(one.method, one.row, one.revision.era)
        // An unknown method, an ambiguous URI and a task of nobody's are no matter of scopes.
        let isRelaxed =
            switch (one.row, one.method.requirement) {
            case (.allow, _): true
            case (.unknown, .methodScope): false
            case (.denied, .tool): true
            case (.denied, _): false
            case (.stepUp, _), (.unknown, _): true
            }
        let expected = isRelaxed ? .forwarded : enforced
        #expect(try Self.outcome(outcome) == expected)
        let isObserved = outcome.forwarded?.ruling.isObserved
        #expect(isObserved == (outcome.forwarded == nil ? nil : enforced != .forwarded))
    }

    @Test func `observe mode ends when it said it would`() throws {
        let test = try Self.test(observing: true)
        let token = try Self.token(test)
        let body = TestServer.call("closed")
        #expect(try test.outcome(token: token, body: body).status == nil)
        #expect(try test.outcome(token: token, body: body, at: TestServer.now + 59).status == nil)
        #expect(try test.outcome(token: token, body: body, at: TestServer.now + 60).status == 403)
    }

    @Test func `every method of the protocol is in the matrix`() {
        let names = MCPMethod.known.map { "\($0.name)" }
        #expect(Set(names).count == names.count)
        #expect(MethodMatrix.methods.count == names.count + 1)
        for method in MethodMatrix.methods where method != .other("x/") {
            #expect(MCPMethod(utf8: Array(method.name.utf8)[...]) == method)
        }
    }
}
