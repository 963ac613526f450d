import Cryptography
import Testing

@Suite struct Base64URLTests {
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
        ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
    ])
    func `the texts of RFC 4648 section 10 without padding`(bytes: String, text: String) {
        #expect(Base64URL.encode(Array(bytes.utf8)) == text)
        #expect(Base64URL.decode(text) == Array(bytes.utf8))
    }

    @Test func `the example of RFC 7515 appendix C`() {
        #expect(Base64URL.encode([3, 236, 255, 224, 193]) == "A-z_4ME")
        #expect(Base64URL.decode("A-z_4ME") == [3, 236, 255, 224, 193])
    }

    @Test(arguments: [
        "Zg==", "Zm8=", "Zm9v=", "Zg=", "=", "A+z/4ME", "A-z_4M", "A", "AAAAA", "Zm 8", "Zm9v\n",
        "\nZm9v", "Zm9v\0", "Zm9.", "Zm9é", " ",
    ])
    func `padding, other letters and impossible lengths are refused`(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test func `only one last letter of each group is taken`() {
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        #expect(alphabet.filter { Base64URL.decode("A\($0)") != nil }.count == 4)
        #expect(alphabet.filter { Base64URL.decode("AA\($0)") != nil }.count == 16)
        #expect(alphabet.filter { Base64URL.decode("AAA\($0)") != nil }.count == 64)
    }

    @Test func `each byte outside the alphabet is refused in each place`() {
        let letters = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        for byte in UInt8.min...UInt8.max where !letters.contains(byte) {
            for place in 0..<4 {
                var text = Array("AAAA".utf8)
                text[place] = byte
                #expect(Base64URL.decode(text) == nil)
            }
        }
    }

    @Test func `what is encoded opens to the same bytes`() {
        for count in 0...66 {
            let bytes = randomBytes(count)
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
    }
}
