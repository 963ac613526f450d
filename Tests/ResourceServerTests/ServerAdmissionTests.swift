import Foundation
import Synchronization
import Testing

@testable import ResourceServer

@Suite struct ServerAdmissionTests {
    private static let second: UInt64 = 1_000_000_000

    /// Two users and clients of one server.
    private static func tokens() throws -> [VerifiedAccessToken] {
        let test = try TestServer()
        return try ["local:lee", "local:kim"].map {
            try test.verify(test.token(["sub": "\"\($0)\""]))
        }
    }

    private static func tool(
        _ pattern: String, requests: Int? = nil, concurrent: Int? = nil,
        _ sharing: ToolLimit.Sharing = .server
    ) throws -> ToolLimit {
        let limits =
            requests.map { AdmissionLimits(requests: $0, perSeconds: 60, concurrent: concurrent) }
            ?? AdmissionLimits(concurrent: concurrent)
        return ToolLimit(
            pattern: try #require(Pattern(pattern)), limits: limits, sharing: sharing)
    }

    /// What became of a request: `ok`, or what said no.
    private static func outcome(
        _ admission: ServerAdmission, _ token: VerifiedAccessToken, _ tool: String? = nil,
        standing isStanding: Bool = false, at now: UInt64 = second
    ) -> String {
        switch admission.admit(
            token, tool: tool.map { Array($0.utf8)[...] }, isStanding: isStanding, at: now)
        {
        case .admitted: "ok"
        case .limited(let limit, let wait): "\(limit) \(wait)"
        }
    }

    private static func permit(
        _ admission: ServerAdmission, _ token: VerifiedAccessToken, _ tool: String? = nil
    ) throws -> AdmissionPermit {
        guard
            case .admitted(let permit) = admission.admit(
                token, tool: tool.map { Array($0.utf8)[...] }, at: second)
        else { throw NotAdmitted() }
        return permit
    }

    struct NotAdmitted: Error {}

    @Test func `each user and client has a limit, and all together have another`() throws {
        let tokens = try Self.tokens()
        let admission = ServerAdmission(
            server: "tickets", principal: AdmissionLimits(requests: 2, perSeconds: 60),
            server: AdmissionLimits(requests: 3, perSeconds: 60), table: AdmissionTable())
        #expect(Self.outcome(admission, tokens[0]) == "ok")
        #expect(Self.outcome(admission, tokens[0]) == "ok")
        #expect(Self.outcome(admission, tokens[0]) == "principal 30000")
        #expect(Self.outcome(admission, tokens[1]) == "ok")
        #expect(Self.outcome(admission, tokens[1]) == "server 20000")
        // Of two that say no the longer wait is told.
        #expect(Self.outcome(admission, tokens[0]) == "principal 30000")
    }

    @Test func `a tool's calls are limited together, whoever makes them`() throws {
        let tokens = try Self.tokens()
        let admission = ServerAdmission(
            server: "tickets", principal: .none, tools: [try Self.tool("deploy", requests: 2)],
            table: AdmissionTable())
        #expect(Self.outcome(admission, tokens[0], "deploy") == "ok")
        #expect(Self.outcome(admission, tokens[1], "deploy") == "ok")
        #expect(Self.outcome(admission, tokens[0], "deploy") == "tool 30000")
        #expect(Self.outcome(admission, tokens[1], "deploy") == "tool 30000")
        for other in ["Deploy", "deploy2", "", nil] {
            #expect(Self.outcome(admission, tokens[0], other) == "ok")
        }
    }

    @Test func `or each user and client alone`() throws {
        let tokens = try Self.tokens()
        let admission = ServerAdmission(
            server: "tickets", principal: .none,
            tools: [try Self.tool("search*", requests: 1, .principal)], table: AdmissionTable())
        for token in tokens {
            #expect(Self.outcome(admission, token, "search_a") == "ok")
            #expect(Self.outcome(admission, token, "search_b") == "tool 60000")
            #expect(Self.outcome(admission, token, "get_one") == "ok")
        }
    }

    @Test func `every entry that matches counts, and each by itself`() throws {
        let tokens = try Self.tokens()
        let admission = ServerAdmission(
            server: "tickets", principal: .none,
            tools: [
                try Self.tool("*", requests: 3), try Self.tool("deploy", requests: 1, .principal),
                try Self.tool("deploy", requests: 2),
            ], table: AdmissionTable())
        #expect(Self.outcome(admission, tokens[0], "deploy") == "ok")
        #expect(Self.outcome(admission, tokens[0], "deploy") == "tool 60000")
        #expect(Self.outcome(admission, tokens[1], "deploy") == "ok")
        #expect(Self.outcome(admission, tokens[0], "get_one") == "ok")
        #expect(Self.outcome(admission, tokens[0], "get_one") == "tool 20000")
    }

    @Test func `where one counter refuses no other has counted`() throws {
        let tokens = try Self.tokens()
        let table = AdmissionTable()
        let admission = ServerAdmission(
            server: "tickets",
            principal: AdmissionLimits(requests: 5, perSeconds: 60, concurrent: 5),
            server: AdmissionLimits(requests: 5, perSeconds: 60, concurrent: 5),
            tools: [
                try Self.tool("*", requests: 5, concurrent: 5),
                try Self.tool("deploy", requests: 5, concurrent: 1),
            ], table: table)
        let running = try Self.permit(admission, tokens[0], "deploy")
        for _ in 0..<100 {
            #expect(Self.outcome(admission, tokens[0], "deploy") == "tool 1000")
        }
        // Four of five are left everywhere.
        for _ in 0..<4 { #expect(Self.outcome(admission, tokens[0], "get_one") == "ok") }
        #expect(Self.outcome(admission, tokens[0], "get_one") != "ok")
        running.release()
    }

    @Test func `a counter that refuses in the last moment makes the others give back`() throws {
        let counters = (0..<3).map { _ in AdmissionCounter() }
        let limits = AdmissionLimits(requests: 1, perSeconds: 60, concurrent: 1)
        let claims = counters.map { AdmissionPermit.Claim(counter: $0, limits: limits) }
        #expect(counters[2].take(limits, at: Self.second) == nil)
        #expect(throws: AdmissionRefusal.self) {
            try AdmissionPermit(
                principal: claims[0], server: claims[1], tools: [claims[2]], at: Self.second)
        }
        #expect(counters[0].isIdle(at: Self.second) && counters[1].isIdle(at: Self.second))
        #expect(!counters[2].isIdle(at: Self.second))
    }

    @Test func `the end of a request frees its place everywhere, and its rate nowhere`() throws {
        let tokens = try Self.tokens()
        let admission = ServerAdmission(
            server: "tickets",
            principal: AdmissionLimits(requests: 3, perSeconds: 60, concurrent: 1),
            server: AdmissionLimits(concurrent: 1),
            tools: [
                try Self.tool("deploy", concurrent: 1),
                try Self.tool("dep*", concurrent: 1, .principal),
            ], table: AdmissionTable())
        for _ in 0..<3 {
            let permit = try Self.permit(admission, tokens[0], "deploy")
            #expect(Self.outcome(admission, tokens[1], "deploy") == "server 1000")
            permit.release()
        }
        #expect(Self.outcome(admission, tokens[0]) == "principal 20000")
        let permit = try Self.permit(admission, tokens[1], "deploy")
        permit.giveBack()
        for _ in 0..<3 { try Self.permit(admission, tokens[1], "deploy").release() }
    }

    @Test func `a stream that lasts is counted when it comes, not while it lasts`() throws {
        let tokens = try Self.tokens()
        let admission = ServerAdmission(
            server: "tickets",
            principal: AdmissionLimits(requests: 10, perSeconds: 60, concurrent: 1),
            server: AdmissionLimits(requests: 10, perSeconds: 60, concurrent: 1),
            table: AdmissionTable())
        for _ in 0..<9 { #expect(Self.outcome(admission, tokens[0], standing: true) == "ok") }
        let call = try Self.permit(admission, tokens[0])
        #expect(Self.outcome(admission, tokens[1], standing: true) != "ok")
        call.release()
    }

    @Test func `a request that was refused counts for its principal alone`() throws {
        let tokens = try Self.tokens()
        let admission = ServerAdmission(
            server: "tickets",
            principal: AdmissionLimits(requests: 3, perSeconds: 60, concurrent: 1),
            server: AdmissionLimits(requests: 2, perSeconds: 60, concurrent: 1),
            table: AdmissionTable())
        admission.count(tokens[0], at: Self.second)
        admission.count(tokens[0], at: Self.second)
        try Self.permit(admission, tokens[0]).release()
        #expect(Self.outcome(admission, tokens[0]) == "principal 20000")
        try Self.permit(admission, tokens[1]).release()
        #expect(Self.outcome(admission, tokens[1]) == "server 30000")
    }

    @Test func `a reload goes on with the same counts`() throws {
        let tokens = try Self.tokens()
        let table = AdmissionTable()
        for expected in ["ok", "tool 60000"] {
            let admission = ServerAdmission(
                server: "tickets", principal: .none,
                tools: [try Self.tool("deploy", requests: 1)], table: table)
            #expect(Self.outcome(admission, tokens[0], "deploy") == expected)
        }
    }

    @Test func `no limits admit everything`() throws {
        let tokens = try Self.tokens()
        let admission = ServerAdmission(
            server: "tickets", principal: .none, table: AdmissionTable())
        for _ in 0..<10_000 { #expect(Self.outcome(admission, tokens[0], "deploy") == "ok") }
    }

    @Test func `two loops admit what the tightest limit says, and leave the rest of the others`()
        throws
    {
        let tokens = try Self.tokens()
        let table = AdmissionTable()
        let admission = ServerAdmission(
            server: "tickets", principal: AdmissionLimits(requests: 6000, perSeconds: 60),
            server: AdmissionLimits(requests: 6000, perSeconds: 60),
            tools: [
                try Self.tool("deploy", requests: 600),
                try Self.tool("*", requests: 6000, .principal),
            ], table: table)
        let admitted = (0..<2).map { _ in SharedCount() }
        DispatchQueue.concurrentPerform(iterations: 2) { loop in
            for turn in 0..<12_000 as Range<UInt64> {
                let now = Self.second + turn * 60 * Self.second / 12_000
                let isDeploy = turn % 2 == 0
                let name = isDeploy ? "deploy" : "get_one"
                if Self.outcome(admission, tokens[loop], name, at: now) == "ok" {
                    admitted[isDeploy ? 0 : 1].count.add(1, ordering: .relaxed)
                }
            }
        }
        let deploys = admitted[0].count.load(ordering: .relaxed)
        let all = deploys + admitted[1].count.load(ordering: .relaxed)
        #expect((540...660).contains(deploys))
        // Eleven thousand refused deploys have taken nothing from the others.
        #expect((5400...6600).contains(all))
    }
}

/// A count that threads share.
private final class SharedCount: Sendable {
    let count = Atomic<Int>(0)
}
