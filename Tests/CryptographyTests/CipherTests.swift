import Cryptography
import Testing

@Suite struct CipherTests {
    let gcm = AESGCM(key: SecretBytes(Array(0..<32)))
    let siv = AESSIV(key: SecretBytes(Array(0..<64)))

    @Test func `AES-SIV gives the seal of RFC 5297 A.1`() {
        let cipher = AESSIV(
            key: SecretBytes(
                hex("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")))
        let data = [hex("101112131415161718191a1b1c1d1e1f2021222324252627")]
        let sealed = hex("85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c")
        #expect(cipher.seal(hex("112233445566778899aabbccddee"), associatedData: data) == sealed)
        #expect(cipher.open(sealed, associatedData: data) == hex("112233445566778899aabbccddee"))
    }

    @Test func `AES-SIV gives the seal of RFC 5297 A.2 with the nonce as a component`() {
        let cipher = AESSIV(
            key: SecretBytes(
                hex("7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f")))
        let data = [
            hex(
                "00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100"
            ),
            hex("102030405060708090a0"), hex("09f911029d74e35bd84156c5635688c0"),
        ]
        let text = Array("this is some plaintext to encrypt using SIV-AES".utf8)
        let sealed = hex(
            "7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17dba77ceb094fa663"
                + "b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d")
        #expect(cipher.seal(text, associatedData: data) == sealed)
        #expect(cipher.open(sealed, associatedData: data) == text)
    }

    @Test func `AES-256-SIV agrees with another implementation, an empty component included`() {
        let data = [Array("server".utf8), [], Array("principal".utf8)]
        let sealed = hex("4b239c7d5d21cab707ef58a42542a25d4eb234105aa0fa0bcc4cf9459c6f")
        #expect(siv.seal(Array("hello, gateway".utf8), associatedData: data) == sealed)
        #expect(siv.open(sealed, associatedData: data) == Array("hello, gateway".utf8))
    }

    @Test func `associated data is bound component by component`() {
        let sealed = siv.seal([1, 2, 3], associatedData: [[1, 2], [3]])
        #expect(siv.open(sealed, associatedData: [[1, 2], [3]]) == [1, 2, 3])
        for data: [[UInt8]] in [
            [[1], [2, 3]], [[1, 2, 3]], [[1, 2], [3], []], [[], [1, 2], [3]], [[3], [1, 2]], [],
            [[], []],
        ] {
            #expect(siv.open(sealed, associatedData: data) == nil)
        }
    }

    @Test func `an SIV seal opens in no altered form and under no other key`() {
        let sealed = siv.seal(Array("session".utf8), associatedData: [[7]])
        for index in sealed.indices {
            for bit in 0..<8 {
                var altered = sealed
                altered[index] ^= 1 << bit
                #expect(siv.open(altered, associatedData: [[7]]) == nil)
            }
        }
        for count in 0..<sealed.count {
            #expect(siv.open(Array(sealed.prefix(count)), associatedData: [[7]]) == nil)
        }
        #expect(siv.open(sealed + [0], associatedData: [[7]]) == nil)
        let other = AESSIV(key: SecretBytes(Array(1...64)))
        #expect(other.open(sealed, associatedData: [[7]]) == nil)
    }

    @Test func `equal texts have equal SIV seals and different GCM seals`() {
        #expect(siv.seal([9], associatedData: []) == siv.seal([9], associatedData: []))
        #expect(gcm.seal([9], associatedData: []) != gcm.seal([9], associatedData: []))
    }

    @Test func `AES-256-GCM opens what another implementation sealed`() {
        let sealed =
            Array(0..<12) + hex("3770bf6da491a73be624eede9a5b5b74497a6c3eb37324399ad52b")
        let data = Array("signing-key:abc".utf8)
        #expect(gcm.open(sealed, associatedData: data) == Array("private key".utf8))
    }

    @Test(arguments: [0, 1, 15, 16, 17, 1000])
    func `a GCM seal opens to its text and in no altered form`(count: Int) {
        let text = randomBytes(count)
        let sealed = gcm.seal(text, associatedData: [5])
        #expect(sealed.count == count + 28)
        #expect(gcm.open(sealed, associatedData: [5]) == text)
        #expect(gcm.open(sealed, associatedData: []) == nil)
        #expect(gcm.open(sealed, associatedData: [5, 0]) == nil)
        #expect(gcm.open(Array(sealed.dropLast()), associatedData: [5]) == nil)
        #expect(gcm.open(sealed + [0], associatedData: [5]) == nil)
        for index in sealed.indices {
            var altered = sealed
            altered[index] ^= 0x10
            #expect(gcm.open(altered, associatedData: [5]) == nil)
        }
    }

    @Test func `a GCM seal shorter than nonce and tag is refused`() {
        for count in 0..<28 {
            let sealed = [UInt8](repeating: 0, count: count)
            #expect(gcm.open(sealed, associatedData: []) == nil)
        }
    }
}
