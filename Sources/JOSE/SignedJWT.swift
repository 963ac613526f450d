package import Cryptography
import JSON

/// Writes a signed compact JWT (RFC 7515 §3.1, RFC 7519 §7.1).
package enum SignedJWT {
    /// Header, claims and signature as text.
    ///
    /// - Parameters:
    ///   - type: the `typ`, such as `at+jwt`; each kind of token has its own (RFC 8725 §3.11).
    ///   - keyID: the `kid`.
    ///   - claims: a JSON object.
    ///   - key: signs.
    /// - Returns: three parts of base64url with two dots.
    /// - Throws: `CryptographyError` if signing fails.
    package static func compact(
        type: String, keyID: String, claims: [UInt8], key: SigningKey
    ) throws(CryptographyError) -> String {
        var header = JSONWriter()
        header.beginObject()
        for (name, value) in [("alg", key.algorithm.rawValue), ("kid", keyID), ("typ", type)] {
            header.name(name)
            header.string(value)
        }
        header.endObject()
        var text = Base64URL.encodedBytes(header.bytes[...])
        text.append(UInt8(ascii: "."))
        text += Base64URL.encodedBytes(claims[...])
        let signature = try key.signature(of: text[...])
        text.append(UInt8(ascii: "."))
        text += Base64URL.encodedBytes(signature[...])
        return String(decoding: text, as: UTF8.self)
    }
}
