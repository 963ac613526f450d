import Cryptography
import JOSE
import JSON
import Testing

@Suite struct JSONWebKeySetTests {
    static let x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
    static let y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
    static let ed = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"

    /// The set of one key given by its members.
    func set(_ members: String) throws -> JSONWebKeySet {
        try JSONWebKeySet(parsing: Array(#"{"keys":[{\#(members)}]}"#.utf8))
    }

    /// Why the only key is not used.
    func reason(_ members: String) throws -> JWKViolation? {
        let set = try set(members)
        #expect(set.keys.count + set.ignored.count == 1)
        return set.ignored.first?.reason
    }

    static let point = #""kty":"EC","crv":"P-256","x":"\#(x)","y":"\#(y)""#

    @Test func `the thumbprint of RFC 7638 section 3.1`() throws {
        let modulus = try #require(
            Base64URL.decode(
                "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6t"
                    + "Soc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4Qy"
                    + "Q5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOp"
                    + "bISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csF"
                    + "Cur-kEgU8awapJzKnqDKgw"))
        #expect(
            PublicKeyComponents.rsa(modulus: modulus, exponent: [1, 0, 1]).thumbprint
                == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")
    }

    @Test func `the thumbprint of RFC 8037 A.3 names a key without kid`() throws {
        let set = try set(#""kty":"OKP","crv":"Ed25519","x":"\#(Self.ed)""#)
        #expect(set.keys.first?.id == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
        #expect(set.keys.first?.algorithm == .eddsa)
    }

    @Test func `members that are not known are passed over`() throws {
        let members = Self.point + #","kid":"a","x5t":"q","nbf":1,"use":"sig","key_ops":["verify"]"#
        let set = try set(members)
        #expect(set.keys.first?.id == "a")
        #expect(set.keys.first?.algorithm == .es256)
        #expect(set.ignored.isEmpty)
    }

    typealias Row = (members: String, reason: JWKViolation)
    static let unusable: [Row] = [
        (#""kty":"oct""#, JWKViolation.unsupportedType),
        (#""kty":"oct","k":"AAAA""#, .privateMember),
        (#""kty":"ec""#, .unsupportedType),
        (#""kid":"a""#, .malformed(member: "kty")),
        (#""kty":7"#, .malformed(member: "kty")),
        (#"\#(point),"d":"AAAA""#, .privateMember),
        (#"\#(point),"d":null"#, .privateMember),
        (#""kty":"RSA","n":"AQAB","e":"AQAB","p":"AQ""#, .privateMember),
        (#"\#(point),"use":"enc""#, .notForSignatures),
        (#"\#(point),"use":"SIG""#, .notForSignatures),
        (#"\#(point),"use":null"#, .notForSignatures),
        (#"\#(point),"key_ops":["sign"]"#, .notForVerification),
        (#"\#(point),"key_ops":[]"#, .notForVerification),
        (#"\#(point),"key_ops":"verify""#, .notForVerification),
        (#"\#(point),"alg":"RS256""#, .unsupportedAlgorithm),
        (#"\#(point),"alg":"ES384""#, .unsupportedAlgorithm),
        (#"\#(point),"alg":"none""#, .unsupportedAlgorithm),
        (#"\#(point),"alg":"HS256""#, .unsupportedAlgorithm),
        (#"\#(point),"alg":"ECDH-ES""#, .unsupportedAlgorithm),
        (#"\#(point),"alg":1"#, .malformed(member: "alg")),
        (#"\#(point),"kid":"""#, .keyIDOutOfRange),
        (#"\#(point),"kid":7"#, .malformed(member: "kid")),
        (#"\#(point),"kid":"\#(String(repeating: "k", count: 257))""#, .keyIDOutOfRange),
        (#""kty":"EC","crv":"P-384","x":"\#(x)","y":"\#(y)""#, .unsupportedType),
        (#""kty":"EC","crv":"secp256k1","x":"\#(x)","y":"\#(y)""#, .unsupportedType),
        (#""kty":"EC","x":"\#(x)","y":"\#(y)""#, .malformed(member: "crv")),
        (#""kty":"EC","crv":"P-256","x":"\#(x)""#, .malformed(member: "y")),
        (#""kty":"EC","crv":"P-256","x":"\#(x)=","y":"\#(y)""#, .malformed(member: "x")),
        (#""kty":"EC","crv":"P-256","x":"\#(y)","y":"\#(x)""#, .unusable(.notOnCurve)),
        (#""kty":"EC","crv":"P-256","x":"AAAA","y":"\#(y)""#, .unusable(.wrongLength)),
        (#""kty":"EC","crv":"P-256","x":"AA\#(x)","y":"\#(y)""#, .malformed(member: "x")),
        (#""kty":"OKP","crv":"Ed448","x":"\#(ed)""#, .unsupportedType),
        (#""kty":"OKP","crv":"X25519","x":"\#(ed)""#, .unsupportedType),
        (#""kty":"OKP","crv":"Ed25519","x":"AAAA""#, .unusable(.wrongLength)),
        (#""kty":"RSA","n":"AQAB","e":"AQAB""#, .unusable(.modulusOutOfRange)),
        (#""kty":"RSA","n":"AAAB","e":"AQAB""#, .unusable(.numberNotMinimal)),
        (#""kty":"RSA","n":"AQAB""#, .malformed(member: "e")),
    ]

    @Test(arguments: unusable)
    func `a key that cannot be used is left out and says why`(
        row: Row
    ) throws {
        #expect(try reason(row.members) == row.reason)
    }

    @Test func `a member that is no object is left out`() throws {
        let set = try JSONWebKeySet(parsing: Array("{\"keys\":[1,{\(Self.point)},null]}".utf8))
        #expect(set.keys.count == 1)
        #expect(set.ignored.map(\.place) == [0, 2])
        #expect(set.ignored.map(\.reason) == [.notAnObject, .notAnObject])
    }

    @Test(arguments: [
        "[]", "{}", "null", #""keys""#, #"{"keys":{}}"#, #"{"keys":null}"#, #"{"Keys":[]}"#,
    ])
    func `a text without an array of keys is no set`(text: String) {
        #expect(throws: JWKSetViolation.noKeys) { try JSONWebKeySet(parsing: Array(text.utf8)) }
    }

    @Test(arguments: ["", "{", #"{"keys":[],"keys":[]}"#, "<html>"])
    func `a text that is not JSON is no set`(text: String) {
        #expect {
            try JSONWebKeySet(parsing: Array(text.utf8))
        } throws: { error in
            if case .notJSON = error as? JWKSetViolation { true } else { false }
        }
    }

    @Test func `a set without usable keys is empty`() throws {
        #expect(try JSONWebKeySet(parsing: Array(#"{"keys":[]}"#.utf8)).keys.isEmpty)
    }

    @Test func `too much of a set is refused`() throws {
        let many = [String](repeating: "{\(Self.point)}", count: 101).joined(separator: ",")
        #expect(throws: JWKSetViolation.tooManyKeys) {
            try JSONWebKeySet(parsing: Array("{\"keys\":[\(many)]}".utf8))
        }
        let long = [UInt8](repeating: 0x20, count: JSONWebKeySet.textLimit + 1)
        #expect(throws: JWKSetViolation.tooLarge) { try JSONWebKeySet(parsing: long) }
    }

    @Test func `different keys of one kid and algorithm refuse the set, the same key counts once`()
        throws
    {
        let one = JSONWebKey(id: "a", algorithm: .es256, key: Keys.es256.verificationKey)
        let two = JSONWebKey(id: "a", algorithm: .es256, key: Keys.other.verificationKey)
        #expect(throws: JWKSetViolation.duplicateKeyID("a")) { try JSONWebKeySet([one, two]) }
        #expect(try JSONWebKeySet([one, one]).keys.count == 1)
        let text = #"{"keys":[{\#(Self.point),"kid":"a"},{\#(Self.point),"kid":"a"}]}"#
        #expect(try JSONWebKeySet(parsing: Array(text.utf8)).keys.count == 1)
    }

    @Test func `one kid may name keys of different algorithms`() throws {
        let set = try JSONWebKeySet([
            JSONWebKey(id: "a", algorithm: .es256, key: Keys.es256.verificationKey),
            JSONWebKey(id: "a", algorithm: .eddsa, key: Keys.eddsa.verificationKey),
        ])
        for (alg, key) in [("ES256", Keys.es256), ("EdDSA", Keys.eddsa)] {
            let compact = try token(#"{"alg":"\#(alg)","kid":"a"}"#, by: key)
            _ = try UnverifiedJWS(compact).verified(by: set, allowing: [.es256, .eddsa])
        }
    }

    @Test func `an RSA key without alg is for RS256 and one with PS256 for that`() throws {
        guard case .rsa(let modulus, _) = Keys.rs256.verificationKey.components else { return }
        let members = #""kty":"RSA","n":"\#(Base64URL.encode(modulus))","e":"AQAB""#
        #expect(try set(members).keys.first?.algorithm == .rs256)
        #expect(try set(members + #","alg":"PS256""#).keys.first?.algorithm == .ps256)
    }

    @Test func `Ed25519 is another name of EdDSA in a key`() throws {
        let members = #""kty":"OKP","crv":"Ed25519","alg":"Ed25519","x":"\#(Self.ed)""#
        #expect(try set(members).keys.first?.algorithm == .eddsa)
    }
}
