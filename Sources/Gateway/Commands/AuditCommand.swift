import AuthorizationServer
import Configuration
import Cryptography
import JOSE
import Storage
import Transport

/// `gatehouse audit`: verifies audit logs.
package enum AuditCommand {
    /// Verifies the audit log.
    ///
    /// - Parameters:
    ///   - path: the configuration.
    ///   - files: the log's files, the oldest first; none for the configured one.
    ///   - isPart: whether later lines are in files that are not given, so that what the state remembers
    ///     of them is not missed.
    ///   - keysFile: public keys of checkpoints, as ``keys(configurationFile:)`` prints them; with them
    ///     neither configuration nor state are needed, and only checkpoints, numbers and links are
    ///     verified.
    ///   - asJSON: whether the report is one JSON object.
    /// - Returns: the exit status: 0 if nothing is wrong, 1 for findings and failures, 2 where it is not
    ///   clear which file is meant.
    package static func verify(
        configurationFile path: String, files: [String], isPart: Bool, keysFile: String?,
        asJSON: Bool
    ) -> Int32 {
        do {
            if let keysFile {
                guard !files.isEmpty else {
                    StandardError.write("gatehouse: name the files that are to be verified")
                    return 2
                }
                return print(try report(on: files, keysFile: keysFile), asJSON: asJSON)
            }
            let outcome = ConfigurationFile.load(path, environment: Environment.all)
            guard let configuration = outcome.configuration else {
                for diagnostic in outcome.diagnostics { StandardError.write("\(diagnostic)") }
                return 1
            }
            var files = files
            if files.isEmpty {
                guard case .file(let file) = configuration.audit?.destination else {
                    StandardError.write(
                        "gatehouse: the configuration names no file of an audit log; name the files"
                    )
                    return 2
                }
                files = [file]
            }
            return print(
                try report(on: files, configuration, isPart: isPart), asJSON: asJSON)
        } catch {
            StandardError.write("gatehouse: \(error)")
            return 1
        }
    }

    /// Prints the public keys of checkpoints as a JWK set (RFC 7517 §5).
    ///
    /// - Returns: the exit status.
    package static func keys(configurationFile path: String) -> Int32 {
        StateCommand.run(configurationFile: path) { configuration, state, pool in
            let atRest = try GatewayState.keysAtRest(configuration)
            let keys = try await AuditKeys.load(from: state.store, atRest, pool: pool)
            StandardOutput.write(
                String(decoding: JWKSetDocument.bytes(keys.keySet), as: UTF8.self))
            return 0
        }
    }

    private static func print(_ report: AuditReport, asJSON: Bool) -> Int32 {
        for line in asJSON ? [report.json] : report.lines { StandardOutput.write(line) }
        return report.findings.isEmpty ? 0 : 1
    }

    private static func report(on files: [String], keysFile: String) throws -> AuditReport {
        let set = try JSONWebKeySet(parsing: try AuditFile.content(of: keysFile))
        var verifier = AuditVerifier(secrets: [], checkpointKeys: set)
        for file in files { try AuditFile.read(file) { verifier.read($0, at: $1) } }
        return verifier.finish(heads: nil)
    }

    private static func report(
        on files: [String], _ configuration: GatewayConfiguration, isPart: Bool
    ) throws -> AuditReport {
        let pool = try BlockingPool(name: "blocking", threads: 1, queueLimit: 16)
        return try Waiter.wait {
            let store: any Store
            switch configuration.state {
            case .sqlite(let file): store = try await SQLiteStore.open(path: file)
            }
            do {
                let atRest = try GatewayState.keysAtRest(configuration)
                let keys = try await AuditKeys.load(from: store, atRest, pool: pool)
                // Before the files: what is written meanwhile is not missed.
                let heads = isPart ? nil : try await store.auditHeads()
                await store.close()
                var verifier = AuditVerifier(secrets: keys.secrets, checkpointKeys: keys.keySet)
                for file in files { try AuditFile.read(file) { verifier.read($0, at: $1) } }
                return verifier.finish(heads: heads)
            } catch {
                await store.close()
                throw error
            }
        }
    }
}
