import AuthorizationServer
import Cryptography
import JOSE
import ResourceServer
import Seals

/// The gateway's own keys as a running process holds them.
struct OwnKeys: Sendable {
    /// Verifies the tokens that the gateway issued.
    let verification: IssuerKeys
    /// The document at `/jwks`.
    let document: [UInt8]
    /// Seals session ids.
    let sessions: SealedSessions

    init(signing: SigningKeys, sealSecrets: [SecretBytes]) {
        verification = IssuerKeys(signing.keySet)
        document = JWKSetDocument.bytes(signing.keySet)
        sessions = SealedSessions(ring: KeyRing(sealSecrets))
    }
}
