/// What a key that is derived from the ring is for; nothing made with it passes for anything else.
package enum DerivedKeyPurpose: String, Sendable, CaseIterable {
    /// The secrets of clients that hold their metadata in their id.
    case clientSecret = "client secret"
    /// The tokens with which clients manage their registration.
    case registrationToken = "registration token"
    /// The tags of refresh tokens.
    case refreshTag = "refresh tag"
    /// The successors of refresh tokens.
    case refreshSuccessor = "refresh successor"
    /// The proofs in forms that the form came from us.
    case formProof = "form proof"
    /// The nonces of DPoP proofs.
    case proofNonce = "proof nonce"
}
