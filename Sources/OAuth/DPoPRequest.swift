package import Cryptography

/// What a proof must be for (RFC 9449 §4.3).
package struct DPoPRequest: Sendable {
    /// The method of the request.
    package let method: String
    /// The URL of the request, from what clients type and never from its Host field.
    package let target: DPoPTarget
    /// The access token that comes with it; nil at the token endpoint.
    package let accessToken: AccessToken?

    /// An access token that is bound to a key.
    package struct AccessToken: Sendable {
        /// SHA-256 of the token.
        package let digest: SHA256Digest
        /// The key that it is bound to.
        package let key: KeyThumbprint

        /// A token.
        package init(digest: SHA256Digest, key: KeyThumbprint) {
            self.digest = digest
            self.key = key
        }
    }

    /// What a proof must be for.
    package init(method: String, target: DPoPTarget, accessToken: AccessToken? = nil) {
        self.method = method
        self.target = target
        self.accessToken = accessToken
    }
}
