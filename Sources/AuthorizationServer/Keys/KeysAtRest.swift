import Cryptography
import Storage

/// How secrets are kept in the store: sealed with the master key if there is one, else as they are.
package struct KeysAtRest: Sendable {
    private let masterKey: MasterKey?

    /// Secrets are sealed with `masterKey`, or kept plain if it is nil.
    package init(masterKey: MasterKey?) {
        self.masterKey = masterKey
    }

    /// Whether new secrets are sealed.
    package var seals: Bool { masterKey != nil }

    func stored(_ secret: SecretBytes, kind: String, row: String) -> StoredSecret {
        guard let masterKey else { return StoredSecret(bytes: secret.bytes, isSealed: false) }
        return StoredSecret(
            bytes: masterKey.seal(secret, kind: kind, row: row), isSealed: true)
    }

    func secret(
        _ stored: StoredSecret, kind: String, row: String
    ) throws(KeyViolation) -> SecretBytes {
        // A plain secret is taken with a master key too, so that a key can be given to a gateway
        // that has none yet.
        guard stored.isSealed else { return SecretBytes(stored.bytes) }
        guard let masterKey else { throw .masterKeyMissing(id: row) }
        guard let secret = masterKey.open(stored.bytes, kind: kind, row: row) else {
            throw .doesNotOpen(id: row)
        }
        return secret
    }
}

/// Why a stored key cannot be used; the gateway must not start, nor make a new key in its place.
package enum KeyViolation: Error, Sendable, Equatable, CustomStringConvertible {
    /// The key is sealed and no master key was given.
    case masterKeyMissing(id: String)
    /// The master key is another one, or the row is damaged.
    case doesNotOpen(id: String)
    /// What is stored is not the key that its id names.
    case damaged(id: String)
    /// The algorithm is none that this release speaks.
    case unknownAlgorithm(id: String, name: String)

    package var description: String {
        switch self {
        case .masterKeyMissing(let id):
            "the stored key \(id) is sealed, and no master key is configured"
        case .doesNotOpen(let id):
            "the stored key \(id) does not open: another master key sealed it, or it is damaged"
        case .damaged(let id):
            "the stored key \(id) is damaged: it is not the key that its id names"
        case .unknownAlgorithm(let id, let name):
            "the stored key \(id) is for the algorithm \(name), which this release does not speak"
        }
    }
}
