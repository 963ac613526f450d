import Cryptography
import FuzzSupport
import JOSE
import JSON

/// What must hold of a compact JWS that anyone may have sent.
struct TokenLaws {
    static let algorithms = Set(SignatureAlgorithm.allCases)

    /// A token as it came.
    static func check(_ token: [UInt8]) {
        guard let jws = try? UnverifiedJWS(token) else { return }
        let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        require(parts.count == 3, "a token has three parts")
        for part in parts {
            let bytes = Base64URL.decode(part)
            require(bytes.map { Base64URL.encodedBytes($0[...]) } == Array(part), "in one spelling")
        }
        check(jws.header, Base64URL.decode(parts[0]) ?? [])
        guard let verified = try? jws.verified(by: KnownTokens.keys, allowing: algorithms) else {
            return
        }
        let input = Array(token[..<parts[1].endIndex])
        require(KnownTokens.signed.contains(input), "what nobody signed does not verify")
        require(Base64URL.decode(parts[1]) == verified.payload, "what was signed is the payload")
        require(
            (try? jws.verified(by: KnownTokens.keys, allowing: [])) == nil,
            "nor what is not allowed")
    }

    /// A header by itself, in a token that nobody signed.
    static func check(header: [UInt8], verifies: Bool) {
        let signature = [UInt8](repeating: 1, count: 64)
        var token = Base64URL.encodedBytes(header[...]) + Array(".e30.".utf8)
        token += Base64URL.encodedBytes(signature[...])
        guard let jws = try? UnverifiedJWS(token) else { return }
        check(jws.header, header)
        guard verifies else { return }
        let verified = try? jws.verified(by: KnownTokens.keys, allowing: algorithms)
        require(verified == nil, "what nobody signed does not verify")
    }

    private static func check(_ header: JWSHeader, _ text: [UInt8]) {
        guard let root = try? JSONDocument(parsing: text).root, root.kind == .object else {
            return require(false, "a header is an object")
        }
        func member(_ name: String) -> JSONValue? {
            root.members.first { $0.name.stringBytes == Array(name.utf8) }?.value
        }
        require(member("alg")?.string == header.algorithm.rawValue, "its algorithm is as it says")
        for name in ["crit", "jwk", "jku", "x5u", "x5c", "b64"] {
            require(member(name) == nil, "it brings no key and asks for nothing")
        }
        let members = [("kid", header.keyID), ("typ", header.type), ("cty", header.contentType)]
        for (name, value) in members {
            require(member(name)?.stringBytes == value.map { Array($0.utf8) }, "\(name) is as sent")
            require(value.map { 1...JWSHeader.memberLimit ~= $0.utf8.count } ?? true, "and short")
        }
        if header.isOfType("at+jwt") {
            let type = header.type?.lowercased() ?? ""
            require(["at+jwt", "application/at+jwt"].contains(type), "a type is the type")
        }
    }
}
