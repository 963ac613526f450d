import Cryptography
import Testing

@Suite struct ScryptTests {
    @Test(
        arguments: [
            (
                "", "", 4, 1, 1,
                "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                    + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
            ),
            (
                "password", "NaCl", 10, 8, 16,
                "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                    + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
            ),
            (
                "pleaseletmein", "SodiumChloride", 14, 8, 1,
                "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                    + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
            ),
        ])
    func `the vectors of RFC 7914 §12`(
        password: String, salt: String, logN: Int, r: Int, p: Int, key: String
    ) throws {
        let cost = try #require(ScryptCost(logN: logN, r: r, p: p))
        let derived = try scrypt(
            password: Array(password.utf8), salt: Array(salt.utf8), cost: cost, count: 64)
        #expect(derived == hex(key))
    }

    @Test func `what passwords are kept with is affordable`() throws {
        let cost = try #require(ScryptCost(logN: 15, r: 8, p: 3))
        let key = try scrypt(password: [1], salt: [2], cost: cost, count: 32)
        #expect(key.count == 32)
    }

    @Test(arguments: [
        (0, 8, 1), (21, 1, 1), (20, 8, 1), (15, 0, 1), (15, 33, 1), (15, 8, 0), (15, 8, 17),
        (17, 9, 1), (-1, 8, 1), (15, -8, 1), (15, 8, .max),
    ])
    func `a cost beyond the limits is none`(logN: Int, r: Int, p: Int) {
        #expect(ScryptCost(logN: logN, r: r, p: p) == nil)
    }
}
