import Cryptography
import Seals
import Testing

@Suite struct SealTests {
    static let old = SecretBytes([UInt8](repeating: 1, count: 32))
    static let new = SecretBytes([UInt8](repeating: 2, count: 32))
    let server = Array("tickets".utf8)
    let principal = Array("ann".utf8)
    let seal = Seal(.sessionID, ring: KeyRing([Self.new]))

    @Test(arguments: [0, 1, 16, 36, 256, 8192])
    func `a seal opens to what was sealed`(count: Int) {
        let bytes = randomBytes(count)
        let text = seal.seal(bytes, context: server, principal)
        #expect(seal.open(text, context: server, principal) == bytes)
        #expect(seal.open(Array(text.utf8)[...], context: server, principal) == bytes)
    }

    @Test func `a seal has letters, digits, hyphen and underscore only`() {
        let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        for count in 0..<200 {
            #expect(Set(seal.seal(randomBytes(count), context: server)).isSubset(of: allowed))
        }
    }

    @Test func `equal bytes in an equal context have equal seals, in every process`() {
        let again = Seal(.sessionID, ring: KeyRing([Self.new]))
        // The literal was made with another implementation (pyca/cryptography 48).
        #expect(seal.seal([1], context: server) == again.seal([1], context: server))
        #expect(seal.seal([1], context: server) == "n2JNCRq4gH7aoMSz4kGFx7Eh1px3")
    }

    @Test func `different bytes or contexts have seals that share no part but the key's name`() {
        let seals = [
            seal.seal([1], context: server, principal), seal.seal([2], context: server, principal),
            seal.seal([1], context: principal, server), seal.seal([1], context: server + principal),
            seal.seal([1], context: server), seal.seal([1]), seal.seal([1], context: server, []),
        ]
        #expect(Set(seals).count == seals.count)
        #expect(Set(seals.map { $0.prefix(4) }).count == 1)
        #expect(Set(seals.map { $0.dropFirst(4).prefix(4) }).count == seals.count)
    }

    @Test func `a seal opens in no other context`() {
        let text = seal.seal([1, 2], context: server, principal)
        #expect(seal.open(text) == nil)
        #expect(seal.open(text, context: server) == nil)
        #expect(seal.open(text, context: principal, server) == nil)
        #expect(seal.open(text, context: server + principal) == nil)
        #expect(seal.open(text, context: server, principal, []) == nil)
        #expect(seal.open(text, context: Array("tickets2".utf8), principal) == nil)
    }

    @Test func `a seal opens for no other purpose`() {
        let ring = KeyRing([Self.new])
        for made in SealPurpose.allCases {
            let text = Seal(made, ring: ring).seal([7], context: server)
            for asked in SealPurpose.allCases {
                let opened = Seal(asked, ring: ring).open(text, context: server)
                #expect(opened == (made == asked ? [7] : nil))
            }
        }
    }

    @Test func `the newest key seals and every key of the ring opens`() {
        let before = Seal(.eventID, ring: KeyRing([Self.old])).seal([3])
        let rotated = Seal(.eventID, ring: KeyRing([Self.new, Self.old]))
        #expect(rotated.open(before) == [3])
        let after = rotated.seal([3])
        #expect(after.prefix(4) != before.prefix(4))
        #expect(Seal(.eventID, ring: KeyRing([Self.new])).open(after) == [3])
        #expect(Seal(.eventID, ring: KeyRing([Self.new])).open(before) == nil)
        #expect(Seal(.eventID, ring: KeyRing([Self.old])).open(after) == nil)
    }

    @Test func `a seal of another root key does not open under a borrowed name`() {
        let other = Seal(.eventID, ring: KeyRing([Self.old])).seal([3])
        let own = Seal(.eventID, ring: KeyRing([Self.new]))
        let renamed = own.seal([3]).prefix(4) + other.dropFirst(4)
        #expect(own.open(String(renamed)) == nil)
    }

    @Test func `no altered, cut or lengthened seal opens`() {
        let text = seal.seal(Array("0123456789".utf8), context: server)
        let letters = Array(text.utf8)
        for index in letters.indices {
            for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=".utf8
            where letter != letters[index] {
                var altered = letters
                altered[index] = letter
                #expect(seal.open(altered[...], context: server) == nil)
            }
        }
        for count in letters.indices {
            #expect(seal.open(letters.prefix(count), context: server) == nil)
        }
        for tail in ["A", "AA", "AAA", "AAAA", "=", " ", "\n", "\0"] {
            #expect(seal.open(text + tail, context: server) == nil)
            #expect(seal.open(tail + text, context: server) == nil)
        }
    }

    @Test func `what is longer than any seal is not opened`() {
        #expect(seal.open(String(repeating: "A", count: 1 << 20)) == nil)
    }

    @Test func `new root keys differ`() {
        #expect(KeyRing.makeSecret().bytes != KeyRing.makeSecret().bytes)
        #expect(KeyRing.makeSecret().bytes.count == KeyRing.secretLength)
    }
}
