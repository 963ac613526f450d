import Cryptography

/// A token with which a client may register (RFC 7591 §3): 32 random bytes in base64url.
package enum InitialAccessToken {
    /// A new token and the digest that is kept of it.
    package static func make() -> (text: String, digest: [UInt8]) {
        let text = Base64URL.encode(randomBytes(32))
        return (text, digest(of: text))
    }

    /// The digest that is kept of a token.
    package static func digest(of text: String) -> [UInt8] { sha256(Array(text.utf8)).bytes }
}
