import AuthorizationServer
import JOSE
import OAuth
import Testing

/// One name from several sources is several people (policy: the principal is issuer, subject, client).
@Suite struct SourcesOfUsersTests {
    private static let sources = ["local", "sso", "Local", "local/user", "client"]

    private static func user(_ source: String) -> User {
        User(
            source: source, name: "lee", groups: ["support"],
            subject: User.subject(of: "lee", from: source, issuer: TokenFixture.issuer))
    }

    @Test(arguments: ["user:lee", "group:support"])
    func `granted_to means the user or group of its source and of no other`(
        entry: String
    ) throws {
        for named in Self.sources {
            let resource = try GrantScopesTests.resource(
                try TokenFixture.scope("s", grantedTo: ["\(named)/\(entry)"]))
            for source in Self.sources {
                let code = try TokenFixture.scope("s").name
                let scopes = GrantScopes.grantable(
                    user: Self.user(source), client: GrantScopesTests.client(), at: resource)
                #expect(scopes.contains(code) == (source == named), "\(source) for \(named)")
            }
        }
    }

    @Test func `subjects differ by source, name and issuer, and say their source`() {
        var subjects: Set<String> = []
        for source in Self.sources {
            for name in ["lee", "Lee", "le"] {
                for issuer in [TokenFixture.issuer, "https://other.example"] {
                    let subject = User.subject(of: name, from: source, issuer: issuer)
                    #expect(subject.hasPrefix("\(source):"))
                    #expect(subjects.insert(subject).inserted)
                }
            }
        }
    }

    @Test func `a machine called like a user is not that user`() async throws {
        let fixture = try await MachineFixture.make { options in
            options.clients[0].id = "ann"
            options.clients[5].scopes = nil
            options.resources[0].scopes[4].grantedTo = ["client:ann"]
        }
        let tokens = try TokenAnswer(
            try await fixture.postBasic(["grant_type": "client_credentials"], id: "ann"))
        let subject = try #require(try tokens.claims(fixture).subject)
        #expect(subject.hasPrefix("client:") && subject != TokenFixture.ann.subject)
        // What is granted to the user is not granted to the machine, nor the other way round.
        let user = try await fixture.code(scope: "run", client: "app")
        let redeemed = try await fixture.postBasic(
            fixture.redemption(user, ["client_id": nil]), id: "app")
        #expect(redeemed.tokenError == "invalid_grant")
    }
}
