import AuthorizationServer
import Configuration
import Cryptography
import Seals
import Storage
import Transport

/// The store of a configuration, opened, with the keys that it keeps.
struct GatewayState: Sendable {
    let store: any Store
    /// They sign access tokens.
    let signing: SigningKeys
    /// They sign the tokens that tell upstreams who acts.
    let identity: SigningKeys
    let sealSecrets: [SecretBytes]
    /// Grants that were ended while tokens of theirs are still valid.
    let endedGrants: [EndedGrant]

    /// The keys, ready for use.
    var keys: OwnKeys {
        OwnKeys(signing: signing, identity: identity, sealSecrets: sealSecrets)
    }

    /// Opens the store, and makes the keys that it does not have yet; keys are made on the pool.
    ///
    /// - Throws: `StoreError`, `KeyViolation`, ``StartFailure``, or why no key could be made.
    static func open(
        _ configuration: GatewayConfiguration, pool: BlockingPool
    ) async throws -> GatewayState {
        let store: any Store
        switch configuration.state {
        case .sqlite(let file): store = try await SQLiteStore.open(path: file)
        }
        return try await read(configuration, from: store, pool: pool)
    }

    /// Reads the keys and the ended grants of a store, and makes the keys that it does not have.
    ///
    /// - Throws: as ``open(_:pool:)``.
    static func read(
        _ configuration: GatewayConfiguration, from store: any Store, pool: BlockingPool
    ) async throws -> GatewayState {
        let atRest = try keysAtRest(configuration)
        let now = Int64(Clock.wall / 1_000_000_000)
        let name = configuration.tokens.algorithm.rawValue
        guard let algorithm = SignatureAlgorithm(rawValue: name) else {
            throw StartFailure(reason: "tokens.algorithm \(name) is unknown")
        }
        let make: @Sendable (SignatureAlgorithm) async throws -> SigningKey = { algorithm in
            try await pool.run { try SigningKey.generate(algorithm) }
        }
        let signing = try await SigningKeys.load(
            algorithm, for: .accessTokens, from: store, atRest, at: now, making: make)
        let identity = try await SigningKeys.load(
            algorithm, for: .identityTokens, from: store, atRest, at: now, making: make)
        let seals = try await SealSecrets.load(
            from: store, atRest, at: now, orKeeping: KeyRing.makeSecret())
        return GatewayState(
            store: store, signing: signing, identity: identity, sealSecrets: seals,
            endedGrants: try await store.endedGrants(at: now))
    }

    /// How keys are kept.
    ///
    /// - Throws: ``StartFailure``.
    static func keysAtRest(_ configuration: GatewayConfiguration) throws -> KeysAtRest {
        KeysAtRest(masterKey: try masterKey(configuration))
    }

    private static func masterKey(_ configuration: GatewayConfiguration) throws -> MasterKey? {
        guard let secret = configuration.masterKey else { return nil }
        guard let key = MasterKey(hexadecimal: SecretBytes(secret.bytes)) else {
            throw StartFailure(
                reason: "master_key_file \(secret.file) must hold 64 hexadecimal digits")
        }
        return key
    }
}

/// Why the gateway cannot start.
package struct StartFailure: Error, CustomStringConvertible {
    let reason: String

    package var description: String { reason }
}
