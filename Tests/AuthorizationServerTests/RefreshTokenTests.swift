import AuthorizationServer
import Cryptography
import Seals
import Testing

@Suite struct RefreshTokenTests {
    static let old = RegistrationFixture.oldKey
    static let new = RegistrationFixture.newKey
    let tokens = RefreshTokens(ring: KeyRing([new]))

    @Test func `no grant is called like an option of a command`() {
        #expect((0..<2000).allSatisfy { _ in !RefreshTokens.makeGrantID().hasPrefix("-") })
    }

    @Test func `a token is known again, with its grant and generation`() throws {
        let gid = RefreshTokens.makeGrantID()
        let first = tokens.first(of: gid)
        let read = try #require(tokens.token(in: first.text))
        #expect(read == first)
        #expect(read.grantID == gid)
        #expect(read.generation == 0)
        #expect(first.text.bytes.count == 91)
        #expect(read.digest == sha256(first.text.bytes).bytes)
        let next = try #require(tokens.successors(of: read).first)
        #expect(next.grantID == gid)
        #expect(next.generation == 1)
        #expect(tokens.token(in: next.text) == next)
    }

    @Test func `first tokens of one grant differ by their secret`() {
        let gid = RefreshTokens.makeGrantID()
        let all = (0..<100).map { _ in tokens.first(of: gid).text.bytes }
        #expect(Set(all).count == 100)
    }

    @Test func `no text but the one that was made is known`() {
        let text = tokens.first(of: RefreshTokens.makeGrantID()).text.bytes
        for place in text.indices {
            for letter in [UInt8(ascii: "A"), UInt8(ascii: "b"), UInt8(ascii: "="), 0, 0xFF]
            where letter != text[place] {
                var changed = text
                changed[place] = letter
                #expect(tokens.token(in: SecretBytes(changed)) == nil)
            }
        }
        for other in [[], Array(text.dropLast()), text + [65], text + text, Array("x".utf8)] {
            #expect(tokens.token(in: SecretBytes(other)) == nil)
        }
    }

    @Test func `every key of the ring knows its tokens, a key outside none`() {
        let text = RefreshTokens(ring: KeyRing([Self.old])).first(of: RefreshTokens.makeGrantID())
            .text
        #expect(RefreshTokens(ring: KeyRing([Self.new, Self.old])).token(in: text) != nil)
        #expect(tokens.token(in: text) == nil)
    }

    @Test func `each key of the ring has its candidate, the same in every replica`() {
        let first = tokens.first(of: RefreshTokens.makeGrantID())
        let both = RefreshTokens(ring: KeyRing([Self.new, Self.old])).successors(of: first)
        let turned = RefreshTokens(ring: KeyRing([Self.old, Self.new])).successors(of: first)
        #expect(both.count == 2)
        #expect(both[0] == tokens.successors(of: first)[0])
        #expect(both[0] != both[1])
        #expect(both == turned.reversed())
    }

    @Test func `successors of different tokens differ`() {
        let gid = RefreshTokens.makeGrantID()
        let one = tokens.successors(of: tokens.first(of: gid))[0]
        let other = tokens.successors(of: tokens.first(of: gid))[0]
        #expect(one != other)
        #expect(tokens.successors(of: one)[0] != one)
    }

    @Test func `describing a token does not show it`() {
        let token = tokens.first(of: RefreshTokens.makeGrantID())
        let text = String(decoding: token.text.bytes, as: UTF8.self)
        var dumped = ""
        dump(token, to: &dumped)
        for shown in ["\(token)", String(reflecting: token), dumped] {
            #expect(!shown.contains(text.suffix(20)))
            #expect(!shown.contains(token.grantID))
        }
    }
}
