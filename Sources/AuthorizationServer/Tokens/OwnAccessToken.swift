package import Cryptography
import JOSE
import JSON
package import OAuth

/// An access token of ours whose signature, issuer and time were checked; made by ``AccessTokenIssuer``
/// and nobody else.
///
/// Whether its grant goes on is not known from it.
package struct OwnAccessToken: Sendable {
    /// `sub`.
    package let subject: String
    /// `aud`.
    package let audience: String
    /// `client_id`.
    package let clientID: String
    /// `scope`.
    package let scopes: ScopeSet
    /// `gid`.
    package let grantID: String
    /// `jti`.
    package let id: String
    /// `iat`, in Unix seconds.
    package let issuedAt: Int64
    /// `exp`, in Unix seconds.
    package let expiresAt: Int64
    /// Whether it came of another token (`act`).
    package let wasExchanged: Bool
    /// `cnf.jkt`: the key that it is bound to (RFC 9449 §6.1); nil for a bearer's.
    package let key: KeyThumbprint?

    fileprivate init?(_ claims: JWTClaims, at now: Int64) {
        let root = claims.document.root
        guard (try? claims.requireTime(now)) != nil, let subject = claims.subject,
            claims.audience.count == 1, let audience = claims.audience.first,
            let clientID = root["client_id"]?.string, let grantID = root["gid"]?.string,
            let id = claims.id, let issuedAt = claims.issuedAt, let expiresAt = claims.expiresAt,
            let scopes = ScopeSet(parsing: root["scope"]?.string ?? "")
        else { return nil }
        let key = root["cnf"]?["jkt"]?.string.flatMap { KeyThumbprint($0) }
        guard (root["cnf"] == nil) == (key == nil) else { return nil }
        self.subject = subject
        self.audience = audience
        self.clientID = clientID
        self.scopes = scopes
        self.grantID = grantID
        self.id = id
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        wasExchanged = root["act"] != nil
        self.key = key
    }
}

extension AccessTokenIssuer {
    /// The access token that a text is, if this issuer signed it and it has not expired at `now`, in
    /// Unix seconds; nil for everything else.
    package func token(in text: SecretBytes, at now: Int64) -> OwnAccessToken? {
        claims(of: text).flatMap { OwnAccessToken($0, at: now) }
    }

    /// The `gid` of an access token that this issuer signed; nil for everything else.
    ///
    /// Neither its audience nor its time counts: who revokes a token means its grant, which may go
    /// on after it (RFC 7009 §2.1).
    package func grantID(of text: SecretBytes) -> String? {
        claims(of: text)?.document.root["gid"]?.string
    }

    private func claims(of text: SecretBytes) -> JWTClaims? {
        guard
            let jws = try? UnverifiedJWS(text.bytes).verified(
                by: keys.keySet, allowing: Set(SignatureAlgorithm.allCases)),
            // RFC 8725 §3.11
            jws.header.isOfType("at+jwt"),
            let claims = try? JWTClaims(jws),
            (try? claims.requireIssuer(issuer)) != nil
        else { return nil }
        return claims
    }
}
