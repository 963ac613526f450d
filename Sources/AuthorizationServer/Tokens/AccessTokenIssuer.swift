package import Cryptography
import JOSE
import JSON
package import OAuth

/// What an access token says about a grant.
package struct AccessTokenContent: Sendable, Equatable {
    /// `sub`.
    package var subject: String
    /// `aud`: the resource of one server (RFC 8707 §2).
    package var audience: String
    /// `client_id`.
    package var clientID: String
    /// `scope`; left out of the token if empty.
    package var scopes: ScopeSet
    /// `grantable`: what user and client may be granted at this server; left out if empty.
    package var grantable: ScopeSet
    /// `gid`.
    package var grantID: String
    /// `sub` of `act`: who acts for the subject (RFC 8693 §4.1); nil for the subject itself.
    package var actor: String?
    /// `cnf.jkt`: the key that the token is bound to (RFC 9449 §6.1); nil for a bearer's.
    package var key: KeyThumbprint?

    /// A token of the given content.
    package init(
        subject: String, audience: String, clientID: String, scopes: ScopeSet,
        grantable: ScopeSet, grantID: String, actor: String? = nil, key: KeyThumbprint? = nil
    ) {
        self.subject = subject
        self.audience = audience
        self.clientID = clientID
        self.scopes = scopes
        self.grantable = grantable
        self.grantID = grantID
        self.actor = actor
        self.key = key
    }
}

/// An access token as it was issued.
package struct IssuedAccessToken: Sendable {
    /// The compact JWT: a secret.
    package let text: SecretBytes
    /// `jti`.
    package let id: String
    /// `exp`, in Unix seconds.
    package let expiresAt: Int64
}

/// Issues access tokens as signed JWTs (RFC 9068).
package struct AccessTokenIssuer: Sendable {
    /// The `iss` of all tokens: the authorization server's issuer identifier, byte for byte.
    package let issuer: String
    let keys: SigningKeys

    /// The `typ` of access tokens (RFC 9068 §2.1).
    package static let type = "at+jwt"

    /// An issuer that signs with the current one of `keys`.
    package init(issuer: String, keys: SigningKeys) {
        self.issuer = issuer
        self.keys = keys
    }

    /// Issues a token with a `jti` of its own.
    ///
    /// - Parameters:
    ///   - content: what it says.
    ///   - now: Unix seconds.
    ///   - lifetime: in seconds, at least 1.
    /// - Returns: the token.
    /// - Throws: `CryptographyError` if signing fails.
    package func issue(
        _ content: AccessTokenContent, at now: Int64, lifetime: Int64
    ) throws(CryptographyError) -> IssuedAccessToken {
        precondition(lifetime >= 1, "a token lives for at least a second")
        let id = Base64URL.encode(randomBytes(16))
        let expiresAt = now + lifetime
        // RFC 9068 §2.2, and the claims of our own.
        var writer = JSONWriter()
        writer.beginObject()
        let texts: [(StaticString, String)] = [
            ("iss", issuer), ("sub", content.subject), ("aud", content.audience),
            ("client_id", content.clientID), ("scope", content.scopes.text),
            ("grantable", content.grantable.text), ("gid", content.grantID), ("jti", id),
        ]
        for (name, value) in texts where !value.isEmpty {
            writer.name(name)
            writer.string(value)
        }
        if let actor = content.actor {
            writer.name("act")
            writer.beginObject()
            writer.name("sub")
            writer.string(actor)
            writer.endObject()
        }
        for (name, value) in [("iat", now), ("exp", expiresAt)] {
            writer.name(name)
            writer.integer(value)
        }
        if let key = content.key { key.appendConfirmation(to: &writer) }
        writer.endObject()
        let text = try SignedJWT.compact(
            type: Self.type, keyID: keys.currentID, claims: writer.bytes, key: keys.current)
        return IssuedAccessToken(
            text: SecretBytes(Array(text.utf8)), id: id, expiresAt: expiresAt)
    }
}
