import Cryptography
import Testing

@Suite struct SigningKeyTests {
    static let message = Array("a message".utf8)[...]

    @Test(arguments: SignatureAlgorithm.allCases)
    func `a new key signs, and survives being written and read`(
        algorithm: SignatureAlgorithm
    ) throws {
        let key = try SigningKey.generate(algorithm)
        let again = try SigningKey(pkcs8: key.pkcs8(), algorithm: algorithm)
        #expect(again.verificationKey.components == key.verificationKey.components)
        let signature = try again.signature(of: Self.message)
        #expect(key.verificationKey.isValid(signature, of: Self.message, by: algorithm))
        #expect(
            !key.verificationKey.isValid(signature, of: Self.message.dropFirst(), by: algorithm))
        let other = try SigningKey.generate(algorithm)
        #expect(!other.verificationKey.isValid(signature, of: Self.message, by: algorithm))
    }

    @Test func `an ES256 signature has 64 bytes, also when r or s begin with zeros`() throws {
        let key = try SigningKey.generate(.es256)
        var short = 0
        for _ in 0..<2000 {
            let signature = try key.signature(of: Self.message)
            #expect(signature.count == 64)
            if signature[0] == 0 || signature[32] == 0 {
                short += 1
                #expect(key.verificationKey.isValid(signature, of: Self.message, by: .es256))
            }
        }
        #expect(short > 0)
    }

    @Test func `a key of another kind, of another curve or with bytes behind it is not read`()
        throws
    {
        let es256 = try SigningKey.generate(.es256).pkcs8()
        let eddsa = try SigningKey.generate(.eddsa).pkcs8()
        for algorithm in SignatureAlgorithm.allCases {
            if algorithm != .es256 {
                #expect(throws: CryptographyError.self) {
                    try SigningKey(pkcs8: es256, algorithm: algorithm)
                }
            }
            if algorithm != .eddsa {
                #expect(throws: CryptographyError.self) {
                    try SigningKey(pkcs8: eddsa, algorithm: algorithm)
                }
            }
        }
        #expect(throws: CryptographyError.self) {
            try SigningKey(pkcs8: SecretBytes(es256.bytes + [0]), algorithm: .es256)
        }
        for count in 0..<es256.bytes.count {
            #expect(throws: CryptographyError.self) {
                try SigningKey(
                    pkcs8: SecretBytes(Array(es256.bytes.prefix(count))), algorithm: .es256)
            }
        }
    }

    @Test func `a private half with the public half of another key is not read`() throws {
        let one = try SigningKey.generate(.es256).pkcs8().bytes
        let two = try SigningKey.generate(.es256).pkcs8().bytes
        #expect(one.count == two.count)
        // The point is the last thing in the form.
        let mixed = one.dropLast(64) + two.suffix(64)
        let error = #expect(throws: CryptographyError.self) {
            try SigningKey(pkcs8: SecretBytes(Array(mixed)), algorithm: .es256)
        }
        #expect(error?.causes == ["its public half is of another key"])
    }

    @Test func `a P-384 key is no ES256 key`() throws {
        let bytes = hex(P384.privateKey)
        #expect(throws: CryptographyError.self) {
            try SigningKey(pkcs8: SecretBytes(bytes), algorithm: .es256)
        }
    }

    @Test func `a P-256 key of another program is read`() throws {
        let key = try SigningKey(pkcs8: SecretBytes(hex(P256.privateKey)), algorithm: .es256)
        let signature = try key.signature(of: Self.message)
        #expect(key.verificationKey.isValid(signature, of: Self.message, by: .es256))
    }

    @Test func `one key serves many tasks at once`() async throws {
        let key = try SigningKey.generate(.es256)
        let valid = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<64 {
                group.addTask {
                    let message = [UInt8(number)][...]
                    let signature = try key.signature(of: message)
                    return key.verificationKey.isValid(signature, of: message, by: .es256)
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(valid == 64)
    }

    @Test func `an error names what was attempted and OpenSSL's cause`() {
        let error = #expect(throws: CryptographyError.self) {
            try SigningKey(pkcs8: SecretBytes([0x30, 0x03, 0x02, 0x01, 0x00]), algorithm: .es256)
        }
        #expect(error?.description.hasPrefix("cannot read an ES256 key: error:") == true)
    }

    @Test func `a key is not shown by its description`() throws {
        #expect("\(try SigningKey.generate(.es256))" == "(a secret ES256 key)")
    }
}
