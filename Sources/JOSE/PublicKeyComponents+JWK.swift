package import Cryptography
package import JSON

extension PublicKeyComponents {
    /// The SHA-256 thumbprint (RFC 7638 §3) as base64url: 43 letters.
    package var thumbprint: String {
        var writer = JSONWriter()
        writer.beginObject()
        writeRequiredMembers(to: &writer)
        writer.endObject()
        return Base64URL.encode(sha256(writer.bytes).bytes)
    }

    /// Writes the members that make the key, in the order of their names (RFC 7638 §3.2, §3.3; RFC
    /// 8037 §2).
    package func writeRequiredMembers(to writer: inout JSONWriter) {
        func member(_ name: StaticString, _ value: String) {
            writer.name(name)
            writer.string(value)
        }
        switch self {
        case .p256(let x, let y):
            member("crv", "P-256")
            member("kty", "EC")
            member("x", Base64URL.encode(x))
            member("y", Base64URL.encode(y))
        case .rsa(let modulus, let exponent):
            member("e", Base64URL.encode(exponent))
            member("kty", "RSA")
            member("n", Base64URL.encode(modulus))
        case .ed25519(let bytes):
            member("crv", "Ed25519")
            member("kty", "OKP")
            member("x", Base64URL.encode(bytes))
        }
    }
}
