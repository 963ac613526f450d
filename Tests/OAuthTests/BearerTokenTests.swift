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
}
