import AuthorizationServer
import Configuration
import Cryptography
import JOSE
import OAuth
import ResourceServer
import Seals

/// The gateway's own keys as a running process holds them.
struct OwnKeys: Sendable {
    /// Verifies the tokens that the gateway issued.
    let verification: IssuerKeys
    /// The document at `/jwks`.
    let document: [UInt8]
    /// The document at `/identity-jwks`.
    let identityDocument: [UInt8]
    /// Seals session ids.
    let sessions: SealedSessions
    /// Signs access tokens.
    let signing: SigningKeys
    /// Signs identity tokens.
    let identity: SigningKeys
    /// Seals everything else.
    let ring: KeyRing
    /// Makes the nonces of proofs.
    let nonces: DPoPNonces
    /// Names the keys: two readings of the state that found the same keys have the same names.
    let names: [String]

    init(signing: SigningKeys, identity: SigningKeys, sealSecrets: [SecretBytes]) {
        self.signing = signing
        self.identity = identity
        ring = KeyRing(sealSecrets)
        nonces = DPoPNonces(keys: ring.derivedKeys(for: .proofNonce))
        names =
            [signing.currentID, identity.currentID]
            + (signing.keySet.keys + identity.keySet.keys).map(\.id)
            + sealSecrets.map { Base64URL.encode(sha256($0.bytes).bytes) }
        verification = IssuerKeys(signing.keySet)
        document = JWKSetDocument.bytes(signing.keySet)
        identityDocument = JWKSetDocument.bytes(identity.keySet)
        sessions = SealedSessions(ring: ring)
    }

    /// What checks the proofs of keys as the operator wants it, and remembers them in `replays`.
    func proofs(_ options: TokenOptions, _ replays: DPoPReplays) -> DPoPVerifier {
        DPoPVerifier(nonces: options.asksForNonce ? nonces : nil, replays: replays)
    }
}
