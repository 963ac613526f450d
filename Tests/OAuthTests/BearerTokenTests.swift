import Testing

@testable import OAuth

@Suite struct BearerTokenTests {
    private static let text = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+/"

    private static func token(of value: [UInt8]) -> BearerToken {
        BearerToken.parse((Array("Bearer ".utf8) + value)[...])
    }

    @Test(arguments: [1, 15, 16, 17, 31, 32, 33, 48, 68])
    func `a token of any length is taken with its padding`(length: Int) {
        let token = Array(Self.text.utf8.suffix(length))
        #expect(Self.token(of: token) == .present(token[...]))
        let padded = token + Array("==".utf8)
        #expect(Self.token(of: padded) == .present(padded[...]))
    }

    @Test(arguments: UInt8.min...UInt8.max)
    func `a byte is taken or refused alike wherever it stands`(byte: UInt8) {
        let isTokenByte = Self.text.utf8.contains(byte)
        for place in 0..<40 {
            var token = Array(Self.text.utf8.prefix(40))
            token[place] = byte
            let isPadding = byte == UInt8(ascii: "=") && place == 39
            // Spaces before the token belong to the separator.
            let isSeparator = byte == UInt8(ascii: " ") && place == 0
            let expected: BearerToken =
                isSeparator
                ? .present(token.dropFirst())
                : isTokenByte || isPadding ? .present(token[...]) : .malformed
            #expect(Self.token(of: token) == expected)
        }
    }

    @Test(
        arguments: [
            ("DPoP abc", .proven(Array("abc".utf8)[...])),
            ("dpop  abc=", .proven(Array("abc=".utf8)[...])),
            ("DPoP", .malformed), ("DPoP ", .malformed), ("DPoP a b", .malformed),
            ("DPoP a, b", .malformed), ("DPoPabc", .absent), ("DPo abc", .absent),
            ("Bearer abc", .present(Array("abc".utf8)[...])), ("Basic abc", .absent), ("", .absent),
        ] as [(String, BearerToken)])
    func `a token under the DPoP scheme is told from a bearer's`(
        value: String, expected: BearerToken
    ) {
        let found = BearerToken.parse(Array(value.utf8)[...])
        #expect(found == expected)
        switch expected {
        case .present(let bytes), .proven(let bytes): #expect(found.bytes == bytes)
        case .absent, .malformed, .inQuery: #expect(found.bytes == nil)
        }
    }
}
