package import Cryptography
import JSON

/// The answer of the token endpoint (RFC 6749 §5.1).
package struct TokenResponse: Sendable {
    /// `access_token`.
    package var accessToken: SecretBytes
    /// `expires_in`, in seconds.
    package var lifetime: Int64
    /// `refresh_token`; left out if nil.
    package var refreshToken: SecretBytes?
    /// `issued_token_type` (RFC 8693 §2.2.1); left out if nil.
    package var issuedTokenType: String?
    /// `scope`, which is always there: clients take a missing one for none.
    package var scope: ScopeSet
    /// Whether the access token is bound to a key: `token_type` is `DPoP` (RFC 9449 §5), else
    /// `Bearer`.
    package var isBound: Bool

    /// An answer.
    package init(
        accessToken: SecretBytes, lifetime: Int64, refreshToken: SecretBytes?, scope: ScopeSet,
        issuedTokenType: String? = nil, isBound: Bool = false
    ) {
        self.accessToken = accessToken
        self.lifetime = lifetime
        self.refreshToken = refreshToken
        self.scope = scope
        self.issuedTokenType = issuedTokenType
        self.isBound = isBound
    }

    /// The object's bytes.
    package var body: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("access_token")
        writer.string(String(decoding: accessToken.bytes, as: UTF8.self))
        if let issuedTokenType {
            writer.name("issued_token_type")
            writer.string(issuedTokenType)
        }
        writer.name("token_type")
        writer.string(isBound ? "DPoP" : "Bearer")
        writer.name("expires_in")
        writer.integer(lifetime)
        if let refreshToken {
            writer.name("refresh_token")
            writer.string(String(decoding: refreshToken.bytes, as: UTF8.self))
        }
        writer.name("scope")
        writer.string(scope.text)
        writer.endObject()
        return writer.bytes
    }
}
