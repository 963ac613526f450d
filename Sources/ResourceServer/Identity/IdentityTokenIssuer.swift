package import Cryptography
import JOSE
import JSON
import OAuth

/// Signs the tokens that tell one upstream who acts.
///
/// Pure: the time is passed in. The keys sign nothing else, and `typ` says what the token is, so it
/// passes for no other kind of token (RFC 8725 §3.11, §3.12).
package struct IdentityTokenIssuer: Sendable {
    /// `typ`.
    package static let type = "gatehouse-identity+jwt"
    /// The longest time from `iat` to `exp`, in seconds.
    package static let maximumLifetime: Int64 = 60

    /// The `kid` of the key that signs.
    package let keyID: String

    private let issuer: String
    private let audience: String
    private let key: SigningKey

    /// An issuer for one upstream.
    ///
    /// - Parameters:
    ///   - issuer: `iss`, the public URL.
    ///   - audience: `aud`, the upstream.
    ///   - key: signs.
    ///   - keyID: its `kid`.
    package init(issuer: String, audience: String, key: SigningKey, keyID: String) {
        self.issuer = issuer
        self.audience = audience
        self.key = key
        self.keyID = keyID
    }

    /// A token for requests of whoever holds the access token; it ends no later than that one.
    ///
    /// - Parameters:
    ///   - access: the access token that was verified for the server.
    ///   - server: where the request was sent.
    ///   - now: Unix seconds.
    /// - Returns: the token.
    /// - Throws: why there is none.
    package func issue(
        for access: VerifiedAccessToken, at server: ProtectedServer, now: Int64
    ) throws(IdentityTokenFailure) -> IdentityToken {
        let expiresAt = min(now + Self.maximumLifetime, access.expiresAt)
        guard expiresAt > now else { throw .accessTokenEnded }
        var writer = JSONWriter()
        writer.beginObject()
        let texts: [(StaticString, String)] = [
            ("iss", issuer), ("sub", access.subject), ("aud", audience),
            ("client_id", access.clientID), ("scope", access.scopes.text),
            ("server", server.name), ("jti", Base64URL.encode(randomBytes(16))),
        ]
        // RFC 9068 §2.2.3 — without scopes there is no `scope`.
        for (name, value) in texts where !value.isEmpty {
            writer.name(name)
            writer.string(value)
        }
        for (name, value) in [("iat", now), ("exp", expiresAt)] as [(StaticString, Int64)] {
            writer.name(name)
            writer.integer(value)
        }
        writer.endObject()
        do {
            let text = try SignedJWT.compact(
                type: Self.type, keyID: keyID, claims: writer.bytes, key: key)
            return IdentityToken(
                text: SecretBytes(Array(text.utf8)), issuedAt: now, expiresAt: expiresAt)
        } catch {
            throw .signing(error)
        }
    }
}
