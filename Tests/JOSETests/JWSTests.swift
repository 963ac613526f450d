import Cryptography
import JOSE
import Testing

@Suite struct JWSTests {
    static let payload =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0"
        + "cnVlfQ"

    @Test func `the example of RFC 7515 A.2 holds`() throws {
        let keys = try JSONWebKeySet(
            parsing: Array(
                #"""
                {"keys":[{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPdd\#
                xHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ4\#
                7soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xs\#
                mtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs\#
                91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}]}
                """#.utf8))
        let compact =
            "eyJhbGciOiJSUzI1NiJ9." + Self.payload
            + ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt"
            + "_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIA"
            + "RNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqv"
            + "hJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
        let jws = try UnverifiedJWS(Array(compact.utf8)).verified(by: keys, allowing: [.rs256])
        #expect(jws.payload.count == 70)
    }

    @Test func `the example of RFC 7515 A.3 holds`() throws {
        let keys = try JSONWebKeySet(
            parsing: Array(
                #"""
                {"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
                """#.utf8))
        let compact =
            "eyJhbGciOiJFUzI1NiJ9." + Self.payload
            + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU"
            + "1Q"
        let jws = try UnverifiedJWS(Array(compact.utf8)).verified(by: keys, allowing: [.es256])
        #expect(try JWTClaims(jws).issuer == "joe")
        #expect(try JWTClaims(jws).expiresAt == 1_300_819_380)
    }

    @Test func `the example of RFC 8037 A.4 holds`() throws {
        let keys = try JSONWebKeySet(
            parsing: Array(
                #"""
                {"keys":[{"kty":"OKP","crv":"Ed25519",
                "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}
                """#.utf8))
        let compact =
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09"
            + "PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        let jws = try UnverifiedJWS(Array(compact.utf8)).verified(by: keys, allowing: [.eddsa])
        #expect(jws.payload == Array("Example of Ed25519 signing".utf8))
    }

    @Test(arguments: [
        (SignatureAlgorithm.es256, Foreign.es256), (.rs256, Foreign.rs256),
        (.ps256, Foreign.ps256), (.eddsa, Foreign.eddsa),
    ])
    func `tokens of another implementation hold`(
        algorithm: SignatureAlgorithm, compact: String
    ) throws {
        let keys = try JSONWebKeySet(parsing: Array(Foreign.keySet.utf8))
        #expect(keys.keys.count == 4)
        let jws = try UnverifiedJWS(Array(compact.utf8)).verified(by: keys, allowing: [algorithm])
        #expect(jws.header.isOfType("at+jwt"))
        let claims = try JWTClaims(jws)
        #expect(claims.subject == "ann")
        #expect(claims.audience == ["https://a.example/", "https://b.example/"])
        #expect(claims.id == "j1")
    }

    @Test(arguments: [
        "", ".", "..", "a", "a.b", "e30.e30", "e30.e30.e30.e30", "e30.e30.e30.", ".e30.e30.e30",
        "e30.e30.e30.e30.e30",
    ])
    func `anything but three parts is refused`(compact: String) {
        if compact.utf8.count(where: { $0 == UInt8(ascii: ".") }) == 2 {
            #expect(throws: JWSViolation.self) { try UnverifiedJWS(Array(compact.utf8)) }
        } else {
            #expect(throws: JWSViolation.notThreeParts) { try UnverifiedJWS(Array(compact.utf8)) }
        }
    }

    @Test func `a token beyond 16 KiB is refused before it is read`() throws {
        let good = try token(#"{"alg":"ES256"}"#)
        let long = good + [UInt8](repeating: 0x41, count: UnverifiedJWS.limit)
        #expect(throws: JWSViolation.tooLarge) { try UnverifiedJWS(long) }
        let most = [UInt8](repeating: 0x41, count: UnverifiedJWS.limit)
        #expect(throws: JWSViolation.notThreeParts) { try UnverifiedJWS(most) }
    }

    @Test(arguments: ["=", " ", "\n", "+", "/", "é", "\0"])
    func `a part with another letter is refused`(letter: String) throws {
        let parts = String(decoding: try token(#"{"alg":"ES256"}"#), as: UTF8.self)
            .split(separator: ".").map(String.init)
        for place in 0..<3 {
            var altered = parts
            altered[place] += letter
            let compact = Array(altered.joined(separator: ".").utf8)
            #expect(throws: JWSViolation.notBase64URL) { try UnverifiedJWS(compact) }
        }
    }

    @Test func `only one spelling of a signature is taken`() throws {
        // 64 bytes leave four bits of the last letter unused.
        let compact = try token(#"{"alg":"ES256","kid":"ec"}"#)
        var accepted = 0
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8 {
            let altered = compact.dropLast() + [letter]
            let jws = try? UnverifiedJWS(Array(altered))
            if let jws, (try? jws.verified(by: Keys.set(), allowing: [.es256])) != nil {
                accepted += 1
            }
        }
        #expect(accepted == 1)
    }

    @Test func `an altered byte of any part is refused`() throws {
        let compact = try token(#"{"alg":"ES256","kid":"ec"}"#, #"{"sub":"ann"}"#)
        let keys = try Keys.set()
        for index in compact.indices {
            var altered = compact
            altered[index] = altered[index] == 0x41 ? 0x42 : 0x41
            #expect(throws: JWSViolation.self) {
                try UnverifiedJWS(altered).verified(by: keys, allowing: [.es256])
            }
        }
    }

    @Test func `a slice is read where it lies`() throws {
        let compact = try token(#"{"alg":"ES256","kid":"ec"}"#)
        let field = Array("Bearer ".utf8) + compact
        let jws = try UnverifiedJWS(field[7...]).verified(by: Keys.set(), allowing: [.es256])
        #expect(jws.payload == Array("{}".utf8))
        #expect(jws.keyID == "ec")
    }

    @Test func `a key cannot be had from a payload before its signature was checked`() throws {
        let forged = try token(#"{"alg":"ES256","kid":"ec"}"#, by: Keys.other)
        let jws = try UnverifiedJWS(forged)
        #expect(throws: JWSViolation.badSignature) {
            try jws.verified(by: Keys.set(), allowing: [.es256])
        }
    }

    @Test func `what is written here reads back`() throws {
        let compact = try SignedJWT.compact(
            type: "at+jwt", keyID: "ec", claims: Array(#"{"sub":"\u00e9"}"#.utf8), key: Keys.es256)
        let jws = try UnverifiedJWS(Array(compact.utf8)).verified(
            by: Keys.set(), allowing: [.es256])
        #expect(jws.header.isOfType("at+jwt"))
        #expect(try JWTClaims(jws).subject == "é")
    }
}
