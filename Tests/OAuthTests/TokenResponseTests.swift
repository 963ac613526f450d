import Cryptography
import OAuth
import Testing

@Suite struct TokenResponseTests {
    private func response(_ refreshToken: String?, _ scope: String) throws -> TokenResponse {
        TokenResponse(
            accessToken: SecretBytes(Array("2YotnFZFEjr1zCsicMWpAA".utf8)), lifetime: 3600,
            refreshToken: refreshToken.map { SecretBytes(Array($0.utf8)) },
            scope: try #require(ScopeSet(parsing: scope)))
    }

    @Test func `the answer has the members of RFC 6749 §5.1`() throws {
        #expect(
            String(decoding: try response("tGzv3JOkF0XG5Qx2TlKWIA", "a b").body, as: UTF8.self)
                == #"{"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"Bearer","#
                + #""expires_in":3600,"refresh_token":"tGzv3JOkF0XG5Qx2TlKWIA","scope":"a b"}"#)
    }

    @Test func `a missing refresh token is left out and a scope never`() throws {
        #expect(
            String(decoding: try response(nil, "").body, as: UTF8.self)
                == #"{"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"Bearer","#
                + #""expires_in":3600,"scope":""}"#)
    }

    @Test func `describing an answer shows no token`() throws {
        let response = try response("tGzv3JOkF0XG5Qx2TlKWIA", "a")
        var dumped = ""
        dump(response, to: &dumped)
        for text in ["\(response)", String(reflecting: response), dumped] {
            #expect(!text.contains("2Yotn") && !text.contains("tGzv3"))
        }
    }
}
