package import Cryptography
import JOSE
import JSON

extension AccessTokenIssuer {
    /// The `gid` of an access token that this issuer signed; nil for everything else.
    ///
    /// Neither its audience nor its time counts: who revokes a token means its grant, which may go
    /// on after it (RFC 7009 §2.1).
    package func grantID(of text: SecretBytes) -> String? {
        guard
            let jws = try? UnverifiedJWS(text.bytes).verified(
                by: keys.keySet, allowing: Set(SignatureAlgorithm.allCases)),
            // RFC 8725 §3.11
            jws.header.isOfType("at+jwt"),
            let claims = try? JWTClaims(jws),
            (try? claims.requireIssuer(issuer)) != nil
        else { return nil }
        return claims.document.root["gid"]?.string
    }
}
