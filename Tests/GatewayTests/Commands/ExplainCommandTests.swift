import Configuration
import Foundation
import JSON
import OAuth
import ResourceServer
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(2))) struct ExplainCommandTests {
    /// Block style with comments and blank lines between, flow style, and both in one scope.
    private static let servers = """
        servers:
          tickets:
            path: /tickets/mcp
            upstream: http://127.0.0.1:9000/mcp
            scopes:
              tickets:read:
                description: Read

                tools:
                  - get_*
                  # A comment takes a line too.
                  - search
                resources: ["ticket://*",
                            "note://public/*"]
                prompts: ["*"]
              tickets:write: { includes: [tickets:read], tools: [create_*, get_secret,
                  { name: deploy, arguments: { environment: [staging] } }] }
              tickets:admin:
                includes:
                  - tickets:write
                tools:
                  - arguments: { force: [true] }
                    name: purge
                  - delete_*
                methods: [x/*]
                granted_to: ["local/group:ops"]
                initial: false
          open: { path: /open/mcp, upstream: "http://127.0.0.1:9001/mcp" }

        """
    private static let users = """
        sam:\(hash):
        olga:\(hash):ops

        """
    // Of no password that anybody knows.
    private static let hash =
        "$scrypt$ln=15,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

    private let place: Place

    init() throws {
        place = try Place(
            Place.start.replacingOccurrences(
                of: "file: users", with: "file: \"{folder}/users\"") + Self.servers)
        let folder = (place.path as NSString).deletingLastPathComponent
        try Data(Self.users.utf8).write(to: URL(filePath: folder + "/users"))
    }

    private func explain(
        _ asked: ExplainCommand.Asked, scope: String = "", user: String? = nil,
        client: String? = nil, server: String = "tickets"
    ) throws -> Explanation {
        let command = ExplainCommand(
            server: server, asked: asked, caller: .scope(scope, user: user, client: client),
            asJSON: false)
        return try command.explanation(try place.configuration(), path: "gateway.conf")
    }

    struct Row: Sendable {
        let asked: ExplainCommand.Asked
        var scope = ""
        var user: String?
        let decision: DecisionKind
        /// `scope/vocabulary/pattern@line`, lines counted from the line of `servers:`.
        var rule: String?
        var challenge: String?
        var isListed: Bool? = false
        var isRelaxed: Bool?
    }

    static let rows: [Row] = [
        Row(
            asked: .tool("get_ticket", arguments: nil), scope: "tickets:read", decision: .allow,
            rule: "tickets:read/tools/get_*@10", isListed: true),
        Row(
            asked: .tool("search", arguments: nil), scope: "tickets:read", decision: .allow,
            rule: "tickets:read/tools/search@12", isListed: true),
        Row(
            asked: .tool("search", arguments: nil), scope: "tickets:admin", decision: .allow,
            rule: "tickets:read/tools/search@12", isListed: true),
        Row(
            asked: .resource("ticket://1"), scope: "tickets:read", decision: .allow,
            rule: "tickets:read/resources/ticket://*@13", isListed: true),
        Row(
            asked: .resource("note://public/1"), scope: "tickets:read", decision: .allow,
            rule: "tickets:read/resources/note://public/*@14", isListed: true),
        Row(
            asked: .resource("ticket://{id}"), scope: "tickets:read", decision: .allow,
            rule: "tickets:read/resources/ticket://*@13", isListed: true),
        Row(
            asked: .prompt("greet"), scope: "tickets:read", decision: .allow,
            rule: "tickets:read/prompts/*@15", isListed: true),
        Row(
            asked: .tool("create_one", arguments: nil), scope: "tickets:read",
            decision: .stepUp, rule: "tickets:write/tools/create_*@16",
            challenge: "tickets:read tickets:write", isRelaxed: true),
        Row(
            asked: .tool("deploy", arguments: #"{"environment":"staging"}"#),
            scope: "tickets:write", decision: .allow, rule: "tickets:write/tools/deploy@17",
            isListed: true),
        Row(
            asked: .tool("deploy", arguments: #"{"environment":"production"}"#),
            scope: "tickets:write", decision: .denied, rule: "tickets:write/tools/deploy@17",
            isListed: true, isRelaxed: true),
        Row(
            asked: .tool("purge", arguments: #"{"force":true}"#), scope: "tickets:admin",
            decision: .allow, rule: "tickets:admin/tools/purge@23", isListed: true),
        Row(
            asked: .tool("delete_one", arguments: nil), scope: "tickets:admin", decision: .allow,
            rule: "tickets:admin/tools/delete_*@24", isListed: true),
        // Who may have tickets:admin is told the way to it; for who may not it is not there.
        Row(
            asked: .tool("delete_one", arguments: nil), scope: "tickets:read", user: "olga",
            decision: .stepUp, rule: "tickets:admin/tools/delete_*@24",
            challenge: "tickets:read tickets:admin", isRelaxed: true),
        Row(
            asked: .tool("delete_one", arguments: nil), scope: "tickets:read", user: "sam",
            decision: .unknown, isRelaxed: true),
        Row(
            asked: .tool("delete_one", arguments: nil), scope: "tickets:read",
            decision: .unknown, isRelaxed: true),
        // A token of this user could not have it.
        Row(
            asked: .tool("delete_one", arguments: nil), scope: "tickets:admin", user: "local/sam",
            decision: .unknown, isRelaxed: true),
        Row(
            asked: .method("x/y"), scope: "tickets:admin", decision: .allow,
            rule: "tickets:admin/methods/x/*@25", isListed: nil),
        Row(
            asked: .method("x/y"), scope: "tickets:read", user: "sam", decision: .unknownMethod,
            isListed: nil, isRelaxed: false),
        Row(asked: .method("tools/list"), decision: .allow, isListed: nil),
        Row(
            asked: .tool("nothing", arguments: nil), scope: "tickets:read", decision: .unknown,
            isRelaxed: true),
        Row(
            asked: .resource("ticket://a/../b"), scope: "tickets:read", decision: .denied,
            isRelaxed: false),
    ]

    @Test(arguments: rows)
    func `each decision has its rule, its line and its way out`(_ row: Row) throws {
        let found = try explain(row.asked, scope: row.scope, user: row.user)
        #expect(found.decision == row.decision)
        let start = Place.start.utf8.count { $0 == UInt8(ascii: "\n") }
        let rule = found.rule.map { rule in
            let line = rule.place.flatMap { Int($0.dropFirst("gateway.conf:".count)) } ?? 0
            return "\(rule.scope)/\(rule.vocabulary)/\(rule.pattern)@\(line - start)"
        }
        #expect(rule == row.rule)
        #expect(found.challenge?.text == row.challenge)
        #expect(found.isListed == row.isListed)
        #expect(found.isRelaxedByObserving == row.isRelaxed)
    }

    @Test func `the way from what is held to the rule is shown with its lines`() throws {
        let found = try explain(.tool("get_one", arguments: nil), scope: "tickets:admin")
        #expect(found.scope == "tickets:admin")
        #expect(
            found.inclusions.map { "\($0.scope) > \($0.included)" } == [
                "tickets:admin > tickets:write", "tickets:write > tickets:read",
            ])
        let start = Place.start.utf8.count { $0 == UInt8(ascii: "\n") }
        #expect(
            found.inclusions.map(\.place) == [
                "gateway.conf:\(start + 20)", "gateway.conf:\(start + 16)",
            ])
        let text = found.lines.joined(separator: "\n")
        #expect(text.contains("tickets:write includes tickets:read (gateway.conf:\(start + 16))"))
    }

    @Test func `what only others may have is named`() throws {
        let found = try explain(
            .tool("delete_one", arguments: nil), scope: "tickets:admin", user: "sam")
        #expect(found.unobtainable.map(\.scope) == ["tickets:admin"])
        let text = found.lines.joined(separator: "\n")
        #expect(text.hasPrefix("unknown "))
        #expect(text.contains("delete_* in tools of tickets:admin"))
        #expect(text.contains("local/sam"))
        #expect(text.contains("withheld"))
        #expect(text.contains("tickets:read tickets:write"))
    }

    @Test func `the argument that failed is named`() throws {
        let found = try explain(
            .tool("deploy", arguments: #"{"environment":"live"}"#), scope: "tickets:write")
        #expect(found.failedArgument == "environment")
        #expect(found.rule?.isConditional == true)
        let missing = try explain(.tool("deploy", arguments: nil), scope: "tickets:write")
        #expect(missing.failedArgument == "environment")
    }

    @Test func `names that the server does not have are said`() throws {
        let found = try explain(.method("ping"), scope: "tickets:raed tickets:read")
        #expect(found.strangers == ["tickets:raed"])
    }

    @Test func `a server that names no scopes says so in place of a line`() throws {
        let found = try explain(.tool("any", arguments: nil), scope: "open", server: "open")
        #expect(found.decision == .allow)
        #expect(found.rule?.place == nil)
        #expect(found.lines.joined().contains("the file names no scopes"))
    }

    @Test func `a control character of the question does not reach the terminal`() throws {
        let found = try explain(.tool("a\u{1B}[2J", arguments: nil), scope: "tickets:read")
        #expect(found.lines.joined().allSatisfy { $0 != "\u{1B}" })
    }

    @Test func `the JSON form is one object that says the same`() throws {
        let found = try explain(
            .tool("create_one", arguments: nil), scope: "tickets:read", user: "sam")
        let root = try JSONDocument(parsing: Array(found.json.utf8)).root
        #expect(root["decision"]?.string == "step_up")
        #expect(root["server"]?.string == "tickets")
        #expect(root["method"]?.string == "tools/call")
        #expect(root["name"]?.string == "create_one")
        #expect(root["rule"]?["pattern"]?.string == "create_*")
        #expect(root["rule"]?["scope"]?.string == "tickets:write")
        #expect(root["challenge"]?.string == "tickets:read tickets:write")
        #expect(root["caller"]?["grantable"]?.string == "tickets:read tickets:write")
        #expect(root["caller"]?["user"]?.string == "sam")
        #expect(root["listed"]?.bool == false)
        #expect(root["relaxed"]?.bool == true)
        #expect(root["observing"]?.bool == false)
        #expect(!found.json.contains("\n"))
    }

    @Test(
        arguments: [
            (ExplainCommand.Asked.method("tools/call"), "", nil),
            (.method("resources/subscribe"), "", nil), (.method("subscriptions/listen"), "", nil),
            (.method("completion/complete"), "", nil), (.method("tasks/get"), "", nil),
            (.tool("a", arguments: "[]"), "", nil), (.tool("a", arguments: "{"), "", nil),
            (.tool("a", arguments: #"{"a":1,"a":2}"#), "", nil), (.method("ping"), " ", nil),
            (.method("ping"), "", "nobody"), (.method("ping"), "", "other/sam"),
        ] as [(ExplainCommand.Asked, String, String?)])
    func `a question that has no answer is wrong usage`(
        _ asked: ExplainCommand.Asked, _ scope: String, _ user: String?
    ) throws {
        #expect(throws: ExplainUsage.self) { try explain(asked, scope: scope, user: user) }
    }

    @Test func `an unknown server is refused with the names there are`() throws {
        let error = #expect(throws: ExplainUsage.self) {
            try explain(.method("ping"), server: "ticket")
        }
        #expect(error?.description == "no server is called ticket; there are: tickets, open")
    }
}
