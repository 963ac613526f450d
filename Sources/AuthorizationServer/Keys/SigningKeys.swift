package import Cryptography
package import JOSE
package import Storage

/// What a signing key is for; each kind of token has keys of its own.
package enum SigningKeyPurpose: String, Sendable, CaseIterable {
    /// Access tokens (`at+jwt`).
    case accessTokens = "access tokens"
    /// Tokens that tell an upstream who acts (`gatehouse-identity+jwt`).
    case identityTokens = "identity tokens"
    /// Checkpoints of the audit log (`gatehouse-audit+jwt`).
    case auditCheckpoints = "audit checkpoints"

    /// What a key is sealed as in the store, so that one cannot be put in another's place.
    var sealKind: String {
        switch self {
        case .accessTokens: "signing key"
        case .identityTokens: "identity signing key"
        case .auditCheckpoints: "audit signing key"
        }
    }
}

/// The gateway's own keys of one purpose: one signs, all verify.
package struct SigningKeys: Sendable {
    /// The key that signs: the newest of the configured algorithm.
    package let current: SigningKey
    /// Its `kid`.
    package let currentID: String
    /// The public halves of all keys, the newest first.
    package let keySet: JSONWebKeySet

    /// Reads the keys of `purpose`, and first makes and keeps one if there is none of `algorithm`.
    ///
    /// - Parameters:
    ///   - algorithm: of the key that signs; keys of other algorithms go on to verify.
    ///   - purpose: whose keys.
    ///   - store: where they are kept.
    ///   - atRest: how.
    ///   - now: Unix seconds.
    ///   - make: makes a key; runs off the event loops, since it takes long for RSA.
    /// - Returns: the keys, the same ones in every process on this store.
    /// - Throws: `StoreError`, `KeyViolation`, or what `make` throws.
    package static func load(
        _ algorithm: SignatureAlgorithm, for purpose: SigningKeyPurpose, from store: any KeyStore,
        _ atRest: KeysAtRest, at now: Int64,
        making make: @Sendable (SignatureAlgorithm) async throws -> SigningKey
    ) async throws -> SigningKeys {
        var records = try await store.signingKeys()
        let isPresent = records.contains {
            $0.purpose == purpose.rawValue && $0.algorithm == algorithm.rawValue
        }
        if !isPresent {
            let key = try await make(algorithm)
            let candidate = try record(of: key, for: purpose, atRest, at: now)
            records = try await store.signingKeys(orInsert: candidate)
        }
        return try SigningKeys(
            records.filter { $0.purpose == purpose.rawValue }, purpose, algorithm, atRest)
    }

    /// A new key as the store keeps it; `now` is in Unix seconds.
    ///
    /// - Throws: why the key cannot be written.
    package static func record(
        of key: SigningKey, for purpose: SigningKeyPurpose, _ atRest: KeysAtRest, at now: Int64
    ) throws -> SigningKeyRecord {
        let id = key.verificationKey.components.thumbprint
        return SigningKeyRecord(
            id: id, purpose: purpose.rawValue, algorithm: key.algorithm.rawValue,
            privateKey: atRest.stored(try key.pkcs8(), kind: purpose.sealKind, row: id),
            createdAt: now)
    }

    private init(
        _ records: [SigningKeyRecord], _ purpose: SigningKeyPurpose,
        _ algorithm: SignatureAlgorithm, _ atRest: KeysAtRest
    ) throws {
        let keys = try records.map { try Self.key($0, purpose, atRest) }
        guard let current = keys.first(where: { $0.algorithm == algorithm }) else {
            preconditionFailure("the store keeps the candidate or has a key of its algorithm")
        }
        self.current = current
        currentID = current.verificationKey.components.thumbprint
        keySet = try JSONWebKeySet(
            keys.map { key in
                JSONWebKey(
                    id: key.verificationKey.components.thumbprint, algorithm: key.algorithm,
                    key: key.verificationKey)
            })
    }

    private static func key(
        _ record: SigningKeyRecord, _ purpose: SigningKeyPurpose, _ atRest: KeysAtRest
    ) throws(KeyViolation) -> SigningKey {
        guard let algorithm = SignatureAlgorithm(rawValue: record.algorithm) else {
            throw .unknownAlgorithm(id: record.id, name: record.algorithm)
        }
        let secret = try atRest.secret(
            record.privateKey, kind: purpose.sealKind, row: record.id)
        // The kid is the thumbprint (RFC 7638), so that a damaged row cannot pass for another key.
        guard let key = try? SigningKey(pkcs8: secret, algorithm: algorithm),
            key.verificationKey.components.thumbprint == record.id
        else { throw .damaged(id: record.id) }
        return key
    }
}
