import JSON
import Storage
import Transport

/// `gatehouse grant`: what users have agreed to.
package enum GrantCommand {
    /// The most grants that are listed.
    private static let listLimit = 10_000

    /// Prints the grants, the newest first; ended ones only with `includesEnded`.
    ///
    /// - Returns: the exit status.
    package static func list(
        configurationFile path: String, user: String?, includesEnded: Bool, asJSON: Bool
    ) -> Int32 {
        StateCommand.run(configurationFile: path) { _, state, _ in
            let grants = try await state.store.grants(of: nil, limit: listLimit).filter { grant in
                (includesEnded || grant.endedAt == nil) && (user == nil || grant.userName == user)
            }
            for line in asJSON ? grants.map(json) : table(grants) { StandardOutput.write(line) }
            return 0
        }
    }

    /// Ends a grant; its tokens are refused from then on.
    ///
    /// - Returns: the exit status; 1 if there is no such grant.
    package static func revoke(configurationFile path: String, id: String) -> Int32 {
        StateCommand.run(configurationFile: path, tellsGateway: true) {
            configuration, state, pool in
            guard let grant = try await state.store.grant(id) else {
                StandardError.write("gatehouse: there is no grant \(id)")
                return 1
            }
            var event = AdministratorEvent(.grantRevoke)
            event.grantID = id
            event.server = grant.server
            event.subject = grant.subject
            event.clientID = grant.client
            let isNew = try await CommandAudit.perform(event, configuration, state.store, pool) {
                _ in
                try await state.store.endGrant(id, at: Int64(Clock.wall / 1_000_000_000))
            }
            StandardOutput.write(
                isNew
                    ? "ended \(id): \(grant.userName), \(grant.server)"
                    : "\(id) had ended before")
            return 0
        }
    }

    private static func table(_ grants: [GrantRecord]) -> [String] {
        var table = TextTable(["GRANT", "USER", "SERVER", "SCOPES", "CLIENT", "SINCE", "STATE"])
        for grant in grants {
            table.add([
                grant.id, "\(grant.source)/\(grant.userName)", grant.server, grant.scope,
                grant.clientName, UTCTime.text(grant.issuedAt),
                grant.endedAt == nil ? "active" : "ended",
            ])
        }
        return table.lines
    }

    private static func json(_ grant: GrantRecord) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        let texts: [(StaticString, String)] = [
            ("id", grant.id), ("server", grant.server), ("subject", grant.subject),
            ("source", grant.source), ("user", grant.userName), ("client_id", grant.client),
            ("client_name", grant.clientName), ("scope", grant.scope),
            ("issued_at", UTCTime.text(grant.issuedAt)),
        ]
        for (name, value) in texts {
            writer.name(name)
            writer.string(value)
        }
        if let endedAt = grant.endedAt {
            writer.name("ended_at")
            writer.string(UTCTime.text(endedAt))
        }
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
