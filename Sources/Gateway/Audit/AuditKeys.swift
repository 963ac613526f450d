import AuthorizationServer
import Cryptography
import JOSE
import Storage
import Transport

/// The keys of the audit log: one secret for codes, and a signing key for checkpoints alone.
struct AuditKeys: Sendable {
    /// The secrets of codes, the newest first; the first is the one in use.
    let secrets: [SecretBytes]
    /// Signs checkpoints.
    let signingKey: SigningKey
    /// The `kid` of the signing key.
    let signingKeyID: String
    /// The public keys that checkpoints are verified with, the newest first.
    let keySet: JSONWebKeySet

    /// The length of a secret, in bytes.
    static let secretLength = 32

    /// Keys of the given content; at least one secret.
    init(secrets: [SecretBytes], signingKey: SigningKey, keySet: JSONWebKeySet) {
        self.secrets = secrets
        self.signingKey = signingKey
        signingKeyID = signingKey.verificationKey.components.thumbprint
        self.keySet = keySet
    }

    /// The secret in use.
    var secret: SecretBytes {
        guard let first = secrets.first else { preconditionFailure("there is a secret") }
        return first
    }

    /// Reads the keys, and first makes those that the store does not have.
    ///
    /// - Parameters:
    ///   - store: where they are kept.
    ///   - atRest: how.
    ///   - pool: where keys are made.
    /// - Returns: the keys, the same ones in every process on this store.
    /// - Throws: `StoreError`, `KeyViolation`, or why no key could be made.
    static func load(
        from store: any AuditStore, _ atRest: KeysAtRest, pool: BlockingPool
    ) async throws -> AuditKeys {
        let now = Int64(Clock.wall / 1_000_000_000)
        let secrets = try await AuditSecrets.load(
            from: store, atRest, at: now, orKeeping: SecretBytes(randomBytes(secretLength)))
        let signing = try await SigningKeys.load(
            .es256, for: .auditCheckpoints, from: store, atRest, at: now
        ) { algorithm in try await pool.run { try SigningKey.generate(algorithm) } }
        return AuditKeys(
            secrets: secrets, signingKey: signing.current, keySet: signing.keySet)
    }
}
