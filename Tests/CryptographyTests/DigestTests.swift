import Cryptography
import Testing

@Suite struct DigestTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `SHA-256 gives the digests of FIPS 180-4`(text: String, digest: String) {
        #expect(sha256(Array(text.utf8)).bytes == hex(digest))
        #expect(
            sha256(Array(("<" + text + ">").utf8)[1..<(1 + text.utf8.count)]).bytes == hex(digest))
    }

    @Test func `a hasher gives the digest of each text whatever came before`() {
        let hasher = SHA256Hasher()
        for length in [3, 0, 64, 1, 1000, 55, 56, 3] {
            let text = [UInt8](repeating: UInt8(length & 0xFF), count: length)
            #expect(hasher.digest(of: text[...]) == sha256(text))
            #expect(hasher.digest(of: text.dropFirst()) == sha256(text.dropFirst()))
        }
    }

    @Test func `digests of different bytes are different keys of a dictionary`() {
        let table = [sha256([1]): 1, sha256([2]): 2]
        #expect(table[sha256([2])] == 2)
        #expect(table[sha256([3])] == nil)
    }

    @Test func `digests are unequal whichever word differs`() {
        let digests = Set((0..<64).map { sha256([UInt8($0)]) })
        #expect(digests.count == 64)
    }

    @Test(arguments: [
        (
            String(repeating: "0b", count: 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            "4a656665", Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            String(repeating: "aa", count: 20), [UInt8](repeating: 0xdd, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            "0102030405060708090a0b0c0d0e0f10111213141516171819",
            [UInt8](repeating: 0xcd, count: 50),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        (
            String(repeating: "aa", count: 131),
            Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func `HMAC-SHA-256 gives the codes of RFC 4231 section 4`(
        key: String, message: [UInt8], code: String
    ) {
        #expect(hmacSHA256(key: hex(key), message) == hex(code))
    }

    @Test func `an empty HMAC key is a block of zeros`() {
        let zeros = [UInt8](repeating: 0, count: 64)
        #expect(hmacSHA256(key: [], [1, 2]) == hmacSHA256(key: zeros, [1, 2]))
    }

    @Test func `HKDF-SHA-256 gives the keys of RFC 5869 appendix A`() {
        let secret = [UInt8](repeating: 0x0b, count: 22)
        #expect(
            hkdfSHA256(
                secret: secret, salt: Array(0...12), info: Array(0xf0...0xf9), count: 42)
                == hex(
                    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                        + "34007208d5b887185865"))
        #expect(
            hkdfSHA256(
                secret: Array(0...0x4f), salt: Array(0x60...0xaf), info: Array(0xb0...0xff),
                count: 82)
                == hex(
                    "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                        + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                        + "cc30c58179ec3e87c14c01d5c1f3434f1d87"))
        #expect(
            hkdfSHA256(secret: secret, salt: [], info: [], count: 42)
                == hex(
                    "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                        + "9d201395faa4b61a96c8"))
    }

    @Test func `constant time comparison tells equal from unequal`() {
        let bytes: [UInt8] = [1, 2, 3]
        #expect(constantTimeEqual(bytes, [1, 2, 3]))
        #expect(!constantTimeEqual(bytes, [1, 2, 4]))
        #expect(!constantTimeEqual(bytes, [0, 2, 3]))
        #expect(!constantTimeEqual(bytes, [1, 2]))
        #expect(!constantTimeEqual(bytes, [1, 2, 3, 0]))
        #expect(constantTimeEqual([], []))
    }

    @Test func `random bytes have the length asked for and differ`() {
        #expect(randomBytes(0).isEmpty)
        #expect(randomBytes(33).count == 33)
        #expect(Set((0..<100).map { _ in randomBytes(16) }).count == 100)
    }

    @Test func `a secret is not shown by any description`() {
        let secret = SecretBytes(Array("hunter2".utf8))
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped] {
            #expect(!text.contains("104") && !text.contains("hunter"))
        }
    }
}
