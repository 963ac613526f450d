import Cryptography
import Glibc
import JOSE
import JSON

/// Somebody who signs tokens.
struct SigningIssuer: Sendable {
    /// Made once: keys take their time.
    static let shared = SigningIssuer()

    let key: SigningKey?

    init() { key = try? SigningKey.generate(.es256) }

    struct NoKey: Error {}

    /// The public key as a JWK set.
    var keySet: String {
        guard let key else { return "" }
        var writer = JSONWriter()
        writer.beginObject()
        for (name, value) in [("kid", "k1"), ("alg", "ES256"), ("use", "sig")] {
            writer.name(name)
            writer.string(value)
        }
        key.verificationKey.components.writeRequiredMembers(to: &writer)
        writer.endObject()
        return #"{"keys":[\#(String(decoding: writer.bytes, as: UTF8.self))]}"#
    }

    /// A token that is good for ten minutes; `claims` are members behind the usual ones.
    func token(
        issuer: String, audience: String, scope: String, subject: String = "lee",
        keyID: String = "k1",
        claims: String = #""jti":"j1""#
    ) throws -> String {
        guard let key else { throw NoKey() }
        let now = Int64(time(nil))
        let text =
            #"{"iss":"\#(issuer)","aud":"\#(audience)","sub":"\#(subject)","client_id":"cli","#
            + #""scope":"\#(scope)","iat":\#(now),"exp":\#(now + 600),\#(claims)}"#
        return try SignedJWT.compact(
            type: "at+jwt", keyID: keyID, claims: Array(text.utf8), key: key)
    }
}
