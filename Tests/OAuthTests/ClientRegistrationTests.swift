import OAuth
import Testing

@Suite struct ClientRegistrationTests {
    private func registration(
        _ method: ClientAuthenticationMethod, secret: String?
    ) throws -> ClientRegistration {
        let uri = try #require(RedirectURI("https://client.example.org/callback"))
        return ClientRegistration(
            clientID: "s6BhdRkqt3", secret: secret, issuedAt: 2_893_256_800,
            expiresAt: 2_893_276_800,
            metadata: ClientMetadata(
                redirectURIs: [uri], name: "My \"Example\"", authenticationMethod: method,
                applicationType: "native", scope: try #require(ScopeSet(parsing: "read"))))
    }

    private func text(_ registration: ClientRegistration) -> String {
        String(decoding: registration.body, as: UTF8.self)
    }

    @Test func `the answer has the members of RFC 7591 §3.2.1`() throws {
        #expect(
            text(try registration(.clientSecretBasic, secret: "cf136dc3c1fc93f31185e5885805d"))
                == #"{"client_id":"s6BhdRkqt3","client_id_issued_at":2893256800,"#
                + #""client_secret":"cf136dc3c1fc93f31185e5885805d","#
                + #""client_secret_expires_at":2893276800,"client_name":"My \"Example\"","#
                + #""token_endpoint_auth_method":"client_secret_basic","#
                + #""application_type":"native","scope":"read","#
                + #""redirect_uris":["https://client.example.org/callback"],"#
                + #""grant_types":["authorization_code","refresh_token"],"#
                + #""response_types":["code"]}"#)
    }

    @Test(arguments: [nil, "cf136dc3c1fc93f31185e5885805d"])
    func `a public client gets no secret`(secret: String?) throws {
        let text = text(try registration(.none, secret: secret))
        #expect(!text.contains("secret"))
        #expect(text.contains(#""token_endpoint_auth_method":"none""#))
    }

    @Test func `nothing is null and nothing empty`() throws {
        var registration = try registration(.none, secret: nil)
        registration.metadata.name = ""
        registration.metadata.applicationType = nil
        registration.metadata.scope = ScopeSet()
        #expect(
            text(registration)
                == #"{"client_id":"s6BhdRkqt3","client_id_issued_at":2893256800,"#
                + #""token_endpoint_auth_method":"none","#
                + #""redirect_uris":["https://client.example.org/callback"],"#
                + #""grant_types":["authorization_code","refresh_token"],"#
                + #""response_types":["code"]}"#)
    }

    @Test func `describing a registration does not show the secret`() throws {
        let registration = try registration(.clientSecretPost, secret: "hunter2")
        var dumped = ""
        dump(registration, to: &dumped)
        for text in ["\(registration)", String(reflecting: registration), dumped] {
            #expect(!text.contains("hunter2"))
        }
    }
}
