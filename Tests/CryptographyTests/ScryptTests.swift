import Cryptography
import Testing

@Suite struct ScryptTests {
    struct Vector: Sendable {
        let password: String
        let salt: String
        let logN: Int
        let r: Int
        let p: Int
        let key: String
    }

    /// RFC 7914 §12, but for the last one, which takes 1 GB.
    static let vectors = [
        Vector(
            password: "", salt: "", logN: 4, r: 1, p: 1,
            key: """
                77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442
                fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906
                """),
        Vector(
            password: "password", salt: "NaCl", logN: 10, r: 8, p: 16,
            key: """
                fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162
                2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640
                """),
        Vector(
            password: "pleaseletmein", salt: "SodiumChloride", logN: 14, r: 8, p: 1,
            key: """
                7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2
                d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887
                """),
    ]

    @Test(arguments: vectors)
    func `scrypt gives the keys of RFC 7914 §12`(vector: Vector) throws {
        for count in [64, 32, 1] {
            let key = try scrypt(
                password: Array(vector.password.utf8), salt: Array(vector.salt.utf8),
                logN: vector.logN, r: vector.r, p: vector.p, count: count)
            #expect(key == Array(hex(vector.key).prefix(count)))
        }
    }

    @Test(arguments: [(15, 8, 3), (17, 8, 1), (1, 32, 16)])
    func `the parameters that password files use are within the limits`(
        logN: Int, r: Int, p: Int
    ) throws {
        let key = try scrypt(password: [1], salt: [2], logN: logN, r: r, p: p, count: 32)
        #expect(key.count == 32)
    }

    @Test(arguments: [
        (0, 8, 1, 32), (-1, 8, 1, 32), (21, 1, 1, 32), (64, 8, 1, 32), (4, 0, 1, 32),
        (4, 33, 1, 32), (4, 8, 0, 32), (4, 8, 17, 32), (4, 8, 1, 0), (4, 8, 1, -1), (4, 8, 1, 1025),
    ])
    func `parameters out of bounds are refused`(logN: Int, r: Int, p: Int, count: Int) {
        let error = #expect(throws: CryptographyError.self) {
            try scrypt(password: [1], salt: [2], logN: logN, r: r, p: p, count: count)
        }
        #expect(
            error?.description == "cannot derive a key with scrypt: a parameter is out of bounds")
    }

    @Test(arguments: [(18, 8, 1), (20, 8, 1), (17, 9, 1), (16, 1, 1)])
    func `what takes too much memory, or RFC 7914 §2 excludes, is refused`(
        logN: Int, r: Int, p: Int
    ) {
        let error = #expect(throws: CryptographyError.self) {
            try scrypt(password: [1], salt: [2], logN: logN, r: r, p: p, count: 32)
        }
        #expect(error?.causes.isEmpty == false)
        #expect(error?.causes != ["a parameter is out of bounds"])
    }
}
