import Cryptography
import Testing

@Suite struct VerificationKeyTests {
    static let order = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")
    static let message = Array("the message".utf8)

    /// RFC 7515 A.3.
    static func example() throws -> (key: VerificationKey, input: [UInt8], signature: [UInt8]) {
        let x = try #require(Base64URL.decode("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"))
        let y = try #require(Base64URL.decode("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"))
        let input =
            "eyJhbGciOiJFUzI1NiJ9."
            + "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290"
            + "Ijp0cnVlfQ"
        let signature = try #require(
            Base64URL.decode(
                "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-"
                    + "Kg6NU1Q"))
        return (try VerificationKey(.p256(x: x, y: y)), Array(input.utf8), signature)
    }

    static func rsa() throws -> VerificationKey {
        let modulus = try #require(Base64URL.decode(Vectors.modulus))
        return try VerificationKey(.rsa(modulus: modulus, exponent: [1, 0, 1]))
    }

    @Test func `the ES256 signature of RFC 7515 A.3 holds`() throws {
        let (key, input, signature) = try Self.example()
        #expect(key.isValid(signature, of: input[...], by: .es256))
        #expect(!key.isValid(signature, of: input.dropLast(), by: .es256))
    }

    @Test func `an ES256 signature of any length but 64 is refused`() throws {
        let (key, input, signature) = try Self.example()
        for count in 0...200 where count != 64 {
            let zeros = [UInt8](repeating: 0, count: count)
            let ones = [UInt8](repeating: 0xff, count: count)
            let fitted = Array((signature + zeros).prefix(count))
            // r and s each widened or narrowed to half of the length.
            func half(_ number: ArraySlice<UInt8>) -> [UInt8] {
                Array((zeros + number).suffix(count / 2))
            }
            let halves = half(signature[..<32]) + half(signature[32...]) + zeros.prefix(count % 2)
            for wrong in [zeros, ones, fitted, halves] {
                #expect(wrong.count == count)
                #expect(!key.isValid(wrong, of: input[...], by: .es256), "\(count)")
            }
        }
    }

    @Test func `an ES256 signature in DER is refused`() throws {
        let (key, input, signature) = try Self.example()
        // s begins with a bit that DER covers with a zero byte.
        let encoded: [UInt8] =
            [0x30, 0x45, 0x02, 0x20] + signature[..<32] + [0x02, 0x21, 0x00] + signature[32...]
        #expect(!key.isValid(encoded, of: input[...], by: .es256))
    }

    @Test func `r or s that is zero or not below the order is refused`() throws {
        let (key, input, signature) = try Self.example()
        let zero = [UInt8](repeating: 0, count: 32)
        let one = Array(zero.dropLast()) + [1]
        let most = [UInt8](repeating: 0xff, count: 32)
        var next = Self.order
        next[31] += 1
        let r = Array(signature[..<32])
        let s = Array(signature[32...])
        for wrong in [zero, one, Self.order, next, most] {
            #expect(!key.isValid(wrong + s, of: input[...], by: .es256))
            #expect(!key.isValid(r + wrong, of: input[...], by: .es256))
            for other in [zero, one, Self.order, next, most] {
                #expect(!key.isValid(wrong + other, of: input[...], by: .es256))
            }
        }
    }

    @Test func `RS256 and PS256 signatures of another implementation hold`() throws {
        let key = try Self.rsa()
        let rs256 = try #require(Base64URL.decode(Vectors.rs256))
        let ps256 = try #require(Base64URL.decode(Vectors.pss32))
        #expect(key.isValid(rs256, of: Self.message[...], by: .rs256))
        #expect(key.isValid(ps256, of: Self.message[...], by: .ps256))
        #expect(!key.isValid(rs256, of: Self.message[...], by: .ps256))
        #expect(!key.isValid(ps256, of: Self.message[...], by: .rs256))
    }

    @Test(arguments: [Vectors.pss0, Vectors.pss20, Vectors.pss222, Vectors.pssMask1, Vectors.rs1])
    func `another salt length, mask or digest is refused`(text: String) throws {
        let key = try Self.rsa()
        let signature = try #require(Base64URL.decode(text))
        #expect(!key.isValid(signature, of: Self.message[...], by: .ps256))
        #expect(!key.isValid(signature, of: Self.message[...], by: .rs256))
    }

    @Test func `an RSA signature of another length is refused`() throws {
        let key = try Self.rsa()
        let signature = try #require(Base64URL.decode(Vectors.rs256))
        for count in 0..<signature.count {
            let cut = Array(signature.prefix(count))
            #expect(!key.isValid(cut, of: Self.message[...], by: .rs256))
        }
        #expect(!key.isValid(signature + [0], of: Self.message[...], by: .rs256))
        #expect(!key.isValid([0] + signature, of: Self.message[...], by: .rs256))
    }

    @Test func `the Ed25519 signature of RFC 8037 A.4 holds and no altered one`() throws {
        let x = try #require(Base64URL.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"))
        let key = try VerificationKey(.ed25519(x))
        let input = Array("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc".utf8)
        let signature = try #require(
            Base64URL.decode(
                "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_"
                    + "MuM0KAg"))
        #expect(key.isValid(signature, of: input[...], by: .eddsa))
        for index in signature.indices {
            var altered = signature
            altered[index] ^= 1
            #expect(!key.isValid(altered, of: input[...], by: .eddsa))
        }
        for count in 0..<64 {
            #expect(!key.isValid(Array(signature.prefix(count)), of: input[...], by: .eddsa))
        }
        #expect(!key.isValid(signature + [0], of: input[...], by: .eddsa))
    }

    @Test func `a key answers no to every algorithm of another kind`() throws {
        let (key, input, signature) = try Self.example()
        for algorithm in [SignatureAlgorithm.rs256, .ps256, .eddsa] {
            #expect(!key.isValid(signature, of: input[...], by: algorithm))
        }
        let rsa = try Self.rsa()
        #expect(!rsa.isValid(signature, of: input[...], by: .es256))
        #expect(!rsa.isValid(signature, of: input[...], by: .eddsa))
    }

    @Test func `a point off the curve never becomes a key`() throws {
        guard case .p256(let x, let y) = try Self.example().key.components else { return }
        let zero = [UInt8](repeating: 0, count: 32)
        let prime = hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff")
        for (x, y) in [(y, x), (zero, zero), (x, zero), (prime, y), (x, prime), (x, x)] {
            #expect(throws: PublicKeyViolation.notOnCurve) {
                try VerificationKey(.p256(x: x, y: y))
            }
        }
    }

    @Test(arguments: [0, 1, 31, 33, 64])
    func `coordinates and Ed25519 keys have exactly 32 bytes`(count: Int) throws {
        guard case .p256(let x, let y) = try Self.example().key.components else { return }
        let wrong = Array(([UInt8](repeating: 0, count: 32) + x).suffix(count))
        #expect(throws: PublicKeyViolation.wrongLength) {
            try VerificationKey(.p256(x: wrong, y: y))
        }
        #expect(throws: PublicKeyViolation.wrongLength) {
            try VerificationKey(.p256(x: x, y: wrong))
        }
        #expect(throws: PublicKeyViolation.wrongLength) { try VerificationKey(.ed25519(wrong)) }
    }

    @Test func `RSA numbers out of range are refused`() throws {
        let modulus = try #require(Base64URL.decode(Vectors.modulus))
        let short = try #require(Base64URL.decode(Vectors.modulus1024))
        let almost = try #require(Base64URL.decode(Vectors.modulus2047))
        let long = [0x80] + [UInt8](repeating: 0, count: 1023) + [1]
        let even = Array(modulus.dropLast()) + [modulus[255] & 0xfe]
        typealias Row = (modulus: [UInt8], exponent: [UInt8], violation: PublicKeyViolation)
        let table: [Row] = [
            (short, [1, 0, 1], .modulusOutOfRange),
            (almost, [1, 0, 1], .modulusOutOfRange),
            (long, [1, 0, 1], .modulusOutOfRange),
            (even, [1, 0, 1], .modulusOutOfRange),
            ([0] + modulus, [1, 0, 1], .numberNotMinimal),
            ([], [1, 0, 1], .numberNotMinimal),
            (modulus, [], .numberNotMinimal),
            (modulus, [0, 1, 0, 1], .numberNotMinimal),
            (modulus, [1], .exponentOutOfRange),
            (modulus, [2], .exponentOutOfRange),
            (modulus, [1, 0, 0], .exponentOutOfRange),
            (modulus, [1, 0, 0, 0, 1], .exponentOutOfRange),
        ]
        for row in table {
            #expect(throws: row.violation) {
                try VerificationKey(.rsa(modulus: row.modulus, exponent: row.exponent))
            }
        }
        _ = try VerificationKey(.rsa(modulus: modulus, exponent: [3]))
    }
}
