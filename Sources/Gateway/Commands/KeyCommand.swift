import AuthorizationServer
import Configuration
import Cryptography
import JSON
import Seals
import Storage
import Transport

/// `gatehouse key`: the keys that sign tokens and seal what leaves and comes back.
package enum KeyCommand {
    /// Which keys are meant.
    package enum Kind: String, Sendable, CaseIterable {
        /// Those that sign access tokens.
        case signing
        /// Those that sign the tokens that tell upstreams who acts.
        case identity
        /// Those that seal client ids, sessions and cookies, and make refresh tokens.
        case sealing
    }

    /// Prints the keys, the newest first: the first of each kind is the one in use.
    ///
    /// - Returns: the exit status.
    package static func list(configurationFile path: String, asJSON: Bool) -> Int32 {
        StateCommand.run(configurationFile: path) { configuration, state, _ in
            let signing = try await state.store.signingKeys()
            let sealing = try await state.store.sealKeys()
            var entries: [Entry] = []
            for (kind, purpose, current) in [
                (Kind.signing, SigningKeyPurpose.accessTokens, state.signing.currentID),
                (.identity, .identityTokens, state.identity.currentID),
            ] {
                for key in signing where key.purpose == purpose.rawValue {
                    entries.append(
                        Entry(
                            kind: kind, id: key.id, algorithm: key.algorithm,
                            createdAt: key.createdAt, isCurrent: key.id == current))
                }
            }
            for (index, key) in sealing.enumerated() {
                entries.append(
                    Entry(
                        kind: .sealing, id: key.id, algorithm: "AES-256-SIV",
                        createdAt: key.createdAt, isCurrent: index == 0))
            }
            for line in asJSON ? entries.map(\.json) : table(entries) {
                StandardOutput.write(line)
            }
            return 0
        }
    }

    /// Makes a new key of the kind, which is used from now on; with `revoking` the older ones are
    /// deleted, and what they signed or sealed is refused.
    ///
    /// - Returns: the exit status.
    package static func rotate(
        configurationFile path: String, kind: Kind, revoking: Bool
    ) -> Int32 {
        StateCommand.run(configurationFile: path, tellsGateway: true) {
            configuration, state, pool in
            var event = AdministratorEvent(.keyRotate)
            event.target = revoking ? "\(kind.rawValue), revoking the older" : kind.rawValue
            let id = try await CommandAudit.perform(event, configuration, state.store, pool) { _ in
                try await rotate(configuration, state, pool, kind: kind, revoking: revoking)
            }
            StandardOutput.write(
                "\(kind.rawValue) key \(id) is in use"
                    + (revoking ? "; the older ones are deleted" : ""))
            return 0
        }
    }

    private static func rotate(
        _ configuration: GatewayConfiguration, _ state: GatewayState, _ pool: BlockingPool,
        kind: Kind, revoking: Bool
    ) async throws -> String {
        let atRest = try GatewayState.keysAtRest(configuration)
        let now = Int64(Clock.wall / 1_000_000_000)
        switch kind {
        case .signing, .identity:
            let isIdentity = kind == .identity
            let keys = isIdentity ? state.identity : state.signing
            let algorithm = keys.current.algorithm
            let key = try await pool.run { try SigningKey.generate(algorithm) }
            let record = try SigningKeys.record(
                of: key, for: isIdentity ? .identityTokens : .accessTokens, atRest, at: now)
            _ = try await state.store.rotate(to: record, revoking: revoking)
            return record.id
        case .sealing:
            let record = SealSecrets.record(of: KeyRing.makeSecret(), atRest, at: now)
            _ = try await state.store.rotate(to: record, revoking: revoking)
            return record.id
        }
    }

    private struct Entry: Sendable {
        let kind: Kind
        let id: String
        let algorithm: String
        let createdAt: Int64
        let isCurrent: Bool

        var json: String {
            var writer = JSONWriter()
            writer.beginObject()
            let texts: [(StaticString, String)] = [
                ("kind", kind.rawValue), ("id", id), ("algorithm", algorithm),
                ("created_at", UTCTime.text(createdAt)), ("state", state),
            ]
            for (name, value) in texts {
                writer.name(name)
                writer.string(value)
            }
            writer.endObject()
            return String(decoding: writer.bytes, as: UTF8.self)
        }

        var state: String { isCurrent ? "in use" : "older" }
    }

    private static func table(_ entries: [Entry]) -> [String] {
        var table = TextTable(["KIND", "ID", "ALGORITHM", "CREATED", "STATE"])
        for entry in entries {
            table.add([
                entry.kind.rawValue, entry.id, entry.algorithm, UTCTime.text(entry.createdAt),
                entry.state,
            ])
        }
        return table.lines
    }
}
