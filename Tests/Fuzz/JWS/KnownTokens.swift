import Cryptography
import JOSE

/// The keys of RFC 7515 A.2 and A.3 and of RFC 8037 A.4, and what they have signed there.
enum KnownTokens {
    /// The keys of the three.
    static let keys: JSONWebKeySet = {
        let text = #"""
            {"keys":[{"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPdd\#
            xHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ4\#
            7soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xs\#
            mtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs\#
            91kzk2PAcDTW9gb54h4FRWyuXpoQ"},
            {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
            {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}
            """#
        guard let keys = try? JSONWebKeySet(parsing: Array(text.utf8)), keys.keys.count == 3 else {
            fatalError("broken: the keys of the RFCs are keys")
        }
        return keys
    }()

    private static let joe =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"

    /// The three signing inputs.
    static let signed: Set<[UInt8]> = Set(
        [
            "eyJhbGciOiJSUzI1NiJ9.\(joe)", "eyJhbGciOiJFUzI1NiJ9.\(joe)",
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
        ].map { Array($0.utf8) })
}

/// A key of which the tests have both halves.
enum OwnKey {
    static let key: SigningKey = {
        guard let key = try? SigningKey.generate(.es256) else {
            fatalError("broken: a key is made")
        }
        return key
    }()
}
