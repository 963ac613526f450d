package import Cryptography

/// A token that tells one upstream who acts, as it was signed.
package struct IdentityToken: Sendable {
    /// The compact JWT: a secret.
    package let text: SecretBytes
    /// `iat`, in Unix seconds.
    package let issuedAt: Int64
    /// `exp`, in Unix seconds.
    package let expiresAt: Int64

    /// Whether it may go along with another request at `now`, in Unix seconds: in the first half of
    /// its life, so that an upstream that is slow or whose clock is ahead still finds it good.
    func isReusable(at now: Int64) -> Bool {
        issuedAt <= now && now - issuedAt < (expiresAt - issuedAt) / 2
    }
}

/// Why a request has no identity token.
package enum IdentityTokenFailure: Error, Sendable, Equatable {
    /// The access token has ended; it is still taken for a moment, since clocks differ, but no token
    /// that outlives it is made.
    case accessTokenEnded
    /// Signing failed.
    case signing(CryptographyError)
}
