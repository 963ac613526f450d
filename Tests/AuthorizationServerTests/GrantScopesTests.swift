import AuthorizationServer
import OAuth
import Testing

@Suite struct GrantScopesTests {
    static let lee = User(
        source: "local", name: "lee", groups: ["support", "ops"], subject: "local:1")

    static func client(_ verification: Client.Verification = .unverified) -> Client {
        Client(
            id: "agent", name: "Agent", redirectURIs: [], authenticationMethod: .none,
            verification: verification)
    }

    static func resource(_ scopes: GuardedScope...) throws -> GuardedResource {
        GuardedResource(
            name: "tickets", title: "Tickets",
            resource: try #require(ResourceIndicator("https://gate.example/tickets")),
            scopes: scopes)
    }

    /// An entry of `granted_to`, and whether it means lee of `local`.
    static let entries: [(String, Bool)] = [
        ("local/user:lee", true), ("local/group:support", true), ("local/group:ops", true),
        ("sso/user:lee", false), ("sso/group:support", false), ("local/user:Lee", false),
        ("local/user:le", false), ("local/user:leea", false), ("user:lee", false), ("lee", false),
        ("local/group:lee", false), ("local/user:support", false), ("local/user:*", false),
        ("local/", false), ("", false), ("client:agent", false), (" local/user:lee", false),
        ("LOCAL/user:lee", false),
    ]

    @Test(arguments: entries)
    func `granted_to names source and user or group byte for byte`(
        entry: String, isLee: Bool
    ) throws {
        let resource = try Self.resource(try TokenFixture.scope("s", grantedTo: [entry]))
        let scopes = GrantScopes.grantable(user: Self.lee, client: Self.client(), at: resource)
        #expect(scopes.text == (isLee ? "s" : ""))
    }

    @Test func `without granted_to every user may, with an empty list nobody`() throws {
        let resource = try Self.resource(
            try TokenFixture.scope("all"), try TokenFixture.scope("none", grantedTo: []))
        let scopes = GrantScopes.grantable(user: Self.lee, client: Self.client(), at: resource)
        #expect(scopes.text == "all")
    }

    @Test func `two spellings of one letter are two names`() throws {
        var user = Self.lee
        user.name = "ren\u{E9}"
        let entry = "local/user:rene\u{301}"
        let resource = try Self.resource(try TokenFixture.scope("s", grantedTo: [entry]))
        #expect(GrantScopes.grantable(user: user, client: Self.client(), at: resource).isEmpty)
    }

    /// A rule for clients, who comes, and whether it may be granted.
    static let clients: [(GuardedScope.Clients, Client.Verification, Bool)] = [
        (.any, .unverified, true), (.any, .domain("a.example"), true), (.any, .named, true),
        (.verified, .unverified, false), (.verified, .domain("a.example"), true),
        (.verified, .named, true),
        (.listed([]), .named, false), (.listed(["client:agent"]), .named, true),
        (.listed(["client:agent"]), .unverified, true), (.listed(["client:agen"]), .named, false),
        (.listed(["client:Agent"]), .named, false), (.listed(["agent"]), .named, false),
        (.listed(["domain:a.example"]), .domain("a.example"), true),
        (.listed(["domain:a.example"]), .domain("b.a.example"), false),
        (.listed(["domain:a.example"]), .unverified, false),
        (.listed(["domain:a.example"]), .named, false),
        (.listed(["x", "domain:a.example"]), .domain("a.example"), true),
    ]

    @Test(arguments: clients)
    func `clients says which clients may be granted a scope`(
        rule: GuardedScope.Clients, verification: Client.Verification, may: Bool
    ) throws {
        let resource = try Self.resource(try TokenFixture.scope("s", clients: rule))
        let scopes = GrantScopes.grantable(
            user: Self.lee, client: Self.client(verification), at: resource)
        #expect(scopes.text == (may ? "s" : ""))
    }

    @Test(arguments: [true, false])
    func `a scope smuggles in nothing that the user or the client may not have`(
        byUser: Bool
    ) throws {
        let secret =
            byUser
            ? try TokenFixture.scope("secret", grantedTo: ["local/user:ann"])
            : try TokenFixture.scope("secret", clients: .verified)
        let resource = try Self.resource(
            try TokenFixture.scope("outer", includes: ["middle"]),
            try TokenFixture.scope("middle", includes: ["plain", "secret"]),
            try TokenFixture.scope("plain"), secret)
        let scopes = GrantScopes.grantable(user: Self.lee, client: Self.client(), at: resource)
        #expect(scopes.text == "plain")
    }

    @Test func `circles of includes and names of no scope end the search, not the process`() throws
    {
        let resource = try Self.resource(
            try TokenFixture.scope("a", includes: ["b"]),
            try TokenFixture.scope("b", includes: ["a"]),
            try TokenFixture.scope("c", includes: ["nowhere"]))
        let scopes = GrantScopes.grantable(user: Self.lee, client: Self.client(), at: resource)
        #expect(scopes.text == "a b")
    }

    /// What a client asks for, and what of it may be granted to lee.
    static let requests: [(String?, String)] = [
        (nil, "read write"), ("", "read write"), ("read", "read"), ("write read", "read write"),
        ("close", "close"), ("close read", "read close"), ("admin", "read write"),
        ("admin close", "close"), ("offline_access", "read write"),
        ("offline_access read", "read"), ("openid profile", "read write"), ("READ", "read write"),
        ("unknown write", "write"),
    ]

    @Test(arguments: requests)
    func `what is asked is cut to what may be granted, else the initial scopes stand in`(
        asked: String?, granted: String
    ) throws {
        let scope = asked.flatMap { ScopeSet(parsing: $0) }
        let scopes = GrantScopes.asked(
            scope, user: Self.lee, client: Self.client(), at: try TokenFixture.tickets())
        #expect(scopes.text == granted)
    }

    @Test func `where not even an initial scope may be granted nothing is`() throws {
        let resource = try Self.resource(
            try TokenFixture.scope("first", grantedTo: ["local/user:ann"]),
            try TokenFixture.scope("later", isInitial: false))
        let asked = ScopeSet(parsing: "first")
        let scopes = GrantScopes.asked(
            asked, user: Self.lee, client: Self.client(), at: resource)
        #expect(scopes.isEmpty)
    }
}
