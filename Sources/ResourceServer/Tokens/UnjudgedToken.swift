package import Cryptography

/// A token that cannot be judged before something was fetched.
package struct UnjudgedToken: Sendable {
    /// What is to be fetched.
    package enum Need: Sendable {
        /// The issuer's keys, among which the one with that `kid` may be.
        case keys(FetchedKeys, id: String?)
        /// What the issuer says of the token.
        case introspection(TokenIntrospection, of: UnreadToken)
    }

    /// What is to be fetched.
    package let need: Need
    /// The answer where nobody could fetch it in time.
    package private(set) var overloaded: Refusal

    init(_ need: Need, overloaded: Refusal) {
        self.need = need
        self.overloaded = overloaded
    }

    /// Waits for it; `wake` is called when the token can be judged again.
    package func wait(wake: @escaping @Sendable () -> Void) -> FetchWait {
        switch need {
        case .keys(let keys, _): keys.wait(wake: wake)
        case .introspection(let introspection, let token):
            introspection.wait(for: token.digest, wake: wake)
        }
    }

    /// The same, with an answer that a page of the origin may read.
    func readable(by origin: ArraySlice<UInt8>?) -> UnjudgedToken {
        var result = self
        result.overloaded = overloaded.readable(by: origin)
        return result
    }
}

/// The bytes of a token that only its issuer can read: a secret.
package struct UnreadToken: Sendable {
    /// The token as it was sent.
    package let text: SecretBytes
    /// The digest under which it is remembered.
    package let digest: SHA256Digest

    init(_ bytes: ArraySlice<UInt8>) {
        text = SecretBytes(Array(bytes))
        digest = sha256(bytes)
    }
}
