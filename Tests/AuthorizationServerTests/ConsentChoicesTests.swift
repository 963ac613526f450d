import OAuth
import Storage
import Testing

@testable import AuthorizationServer

@Suite struct ConsentChoicesTests {
    static func resource() throws -> GuardedResource {
        var resource = try ConsentFixture.tickets()
        resource.scopes = [
            try ConsentFixture.scope("a", includes: ["b"]),
            try ConsentFixture.scope("b", includes: ["c", "gone"]),
            try ConsentFixture.scope("c", includes: ["a"]), try ConsentFixture.scope("d"),
        ]
        return resource
    }

    static func grant(
        _ scope: String, declined: String = "", client: String = "c1", server: String = "tickets",
        endedAt: Int64? = nil
    ) -> GrantRecord {
        GrantRecord(
            id: "g", server: server, subject: "s", source: "local", userName: "u", client: client,
            clientName: "", scope: scope, declinedScope: declined, issuedAt: 1, expiresAt: 2,
            endedAt: endedAt)
    }

    func choices(_ grants: [GrantRecord]) throws -> [ScopeChoice] {
        ScopeChoices.choices(
            offered: try #require(ScopeSet(parsing: "d b a unknown")), at: try Self.resource(),
            for: "c1", grants: grants)
    }

    @Test func `choices stand in the operator's order, with all that they include`() throws {
        let choices = try choices([])
        #expect(choices.map(\.scope.name.text) == ["a", "b", "d"])
        #expect(choices.map { $0.included.map(\.name.text) } == [["b", "c"], ["a", "c"], []])
        #expect(choices.allSatisfy { $0.isTicked && !$0.isAgreed })
    }

    @Test func `the latest decision ticks, every living one counts as agreed`() throws {
        let choices = try choices([
            Self.grant("a", declined: "b"), Self.grant("d", declined: "a"),
        ])
        #expect(choices.map(\.isTicked) == [true, false, true])
        #expect(choices.map(\.isAgreed) == [true, false, true])
    }

    @Test(arguments: [
        grant("a", declined: "d", client: "other"), grant("a", declined: "d", server: "other"),
        grant("a", declined: "d", endedAt: 1),
    ])
    func `what another was granted, elsewhere or no longer, does not count`(
        grant: GrantRecord
    )
        throws
    {
        #expect(try choices([grant]).allSatisfy { $0.isTicked && !$0.isAgreed })
    }
}
