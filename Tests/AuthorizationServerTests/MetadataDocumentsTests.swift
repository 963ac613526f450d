import AuthorizationServer
import JSON
import OAuth
import Testing

@Suite struct MetadataDocumentsTests {
    private func options(
        _ dynamic: RegistrationOptions.Dynamic = .open, sendsIssuer: Bool = true
    ) throws -> AuthorizationServerOptions {
        func scope(_ name: String, isInitial: Bool = true) throws -> GuardedScope {
            GuardedScope(name: try #require(ScopeToken(name)), isInitial: isInitial)
        }
        func resource(_ name: String, _ scopes: [GuardedScope]) throws -> GuardedResource {
            GuardedResource(
                name: name, title: name,
                resource: try #require(ResourceIndicator("https://gw.example/\(name)")),
                scopes: scopes)
        }
        return AuthorizationServerOptions(
            issuer: "https://gw.example",
            resources: [
                try resource("a", [try scope("read"), try scope("admin", isInitial: false)]),
                try resource("b", [try scope("read"), try scope("write")]),
            ],
            registration: RegistrationOptions(dynamic: dynamic), sendsIssuer: sendsIssuer)
    }

    @Test func `both documents say what the options say`() throws {
        let documents = MetadataDocuments(try options())
        for body in [documents.authorizationServer, documents.openID] {
            let root = try JSONDocument(parsing: body).root
            #expect(root["issuer"]?.string == "https://gw.example")
            #expect(root["registration_endpoint"]?.string == "https://gw.example/register")
            #expect(root["authorization_response_iss_parameter_supported"]?.bool == true)
            let scopes = try #require(root["scopes_supported"]).elements.map(\.string)
            #expect(scopes == ["read", "write"])
            let methods = try #require(root["code_challenge_methods_supported"])
            #expect(methods.elements.map(\.string) == ["S256"])
        }
        #expect(try JSONDocument(parsing: documents.openID).root["subject_types_supported"] != nil)
    }

    @Test(
        arguments: [
            (.off, [], false), (.off, ["claude.ai"], false), (.trusted, [], false),
            (.trusted, ["claude.ai"], true), (.any, [], true), (.any, ["claude.ai"], true),
        ] as [(RegistrationOptions.MetadataDocuments, [String], Bool)])
    func `documents of clients are advertised exactly where some are taken`(
        kind: RegistrationOptions.MetadataDocuments, domains: [String], isAdvertised: Bool
    ) throws {
        var options = try options()
        options.registration = RegistrationOptions(
            metadataDocuments: kind, trustedDomains: domains)
        let documents = MetadataDocuments(options)
        for body in [documents.authorizationServer, documents.openID] {
            let value = try JSONDocument(parsing: body).root[
                "client_id_metadata_document_supported"]
            #expect(value?.bool == (isAdvertised ? true : nil))
        }
    }

    @Test func `registration and iss are not advertised where they are off`() throws {
        let documents = MetadataDocuments(try options(.off, sendsIssuer: false))
        for body in [documents.authorizationServer, documents.openID] {
            let root = try JSONDocument(parsing: body).root
            #expect(root["registration_endpoint"] == nil)
            #expect(root["authorization_response_iss_parameter_supported"] == nil)
        }
    }
}
