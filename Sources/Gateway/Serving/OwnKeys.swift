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
    /// Signs access tokens.
    let signing: SigningKeys
    /// Seals everything else.
    let ring: KeyRing
    /// Names the keys: two readings of the state that found the same keys have the same names.
    let names: [String]

    init(signing: SigningKeys, sealSecrets: [SecretBytes]) {
        self.signing = signing
        ring = KeyRing(sealSecrets)
        names =
            [signing.currentID] + signing.keySet.keys.map(\.id)
            + sealSecrets.map { Base64URL.encode(sha256($0.bytes).bytes) }
        verification = IssuerKeys(signing.keySet)
        document = JWKSetDocument.bytes(signing.keySet)
        sessions = SealedSessions(ring: ring)
    }
}
