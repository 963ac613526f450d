import AuthorizationServer
import Configuration
import JSON
import OAuth
import Seals
import Storage
import Transport

/// `gatehouse client`: the clients that have registered and been granted something.
package enum ClientCommand {
    /// The most clients that are listed.
    private static let listLimit = 10_000

    /// Prints the clients that the state knows, the latest first.
    ///
    /// A client that registered itself and was never granted anything is in no list: its id is all
    /// there is of it.
    ///
    /// - Returns: the exit status.
    package static func list(configurationFile path: String, asJSON: Bool) -> Int32 {
        StateCommand.run(configurationFile: path) { configuration, state, _ in
            let clients = try await state.store.clients(limit: listLimit)
            let mustWait = configuration.registration.dynamic == .approval
            let lines =
                asJSON
                ? clients.map { json($0, mustWait: mustWait) } : table(clients, mustWait: mustWait)
            for line in lines { StandardOutput.write(line) }
            return 0
        }
    }

    /// Prints what is known of one client, self-contained or not.
    ///
    /// - Returns: the exit status; 1 if the id is none.
    package static func show(configurationFile path: String, id: String, asJSON: Bool) -> Int32 {
        StateCommand.run(configurationFile: path) { configuration, state, _ in
            let directory = state.clients(of: configuration)
            let now = Int64(Clock.wall / 1_000_000_000)
            let found = try await directory.registered(id, at: now)
            let row = try await state.store.client(id)
            guard found != nil || row != nil else {
                StandardError.write("gatehouse: there is no client \(id)")
                return 1
            }
            let mustWait = configuration.registration.dynamic == .approval
            for line in description(id, found, row, mustWait: mustWait, asJSON: asJSON) {
                StandardOutput.write(line)
            }
            return 0
        }
    }

    /// Refuses a client for good, and ends its grants.
    ///
    /// - Returns: the exit status; 1 if the id is none.
    package static func revoke(configurationFile path: String, id: String) -> Int32 {
        StateCommand.run(configurationFile: path, tellsGateway: true) {
            configuration, state, pool in
            let directory = state.clients(of: configuration)
            let now = Int64(Clock.wall / 1_000_000_000)
            let client = try await directory.registered(id, at: now)?.client
            let row = try await state.store.client(id)
            let known = try await state.store.clients(limit: listLimit).first { $0.id == id }
            guard client != nil || row != nil || known != nil || ClientDirectory.isDocumentURL(id)
            else {
                StandardError.write("gatehouse: there is no client \(id)")
                return 1
            }
            let name = client?.name ?? row?.name ?? known?.name ?? ""
            var event = AdministratorEvent(.clientRevoke)
            event.clientID = id
            let ended = try await CommandAudit.perform(event, configuration, state.store, pool) {
                _ in
                try await state.store.revokeClient(id, name: name, at: now)
            }
            StandardOutput.write("revoked \(id); \(ended.count) of its grants ended")
            return 0
        }
    }

    /// What became of a client, in a word; `mustWait` where clients need an approval.
    private static func state(_ client: ClientSummary, mustWait: Bool) -> String {
        guard client.status != .revoked else { return "revoked" }
        if client.isApproved { return "approved" }
        // Of a client without a row nothing says whether it waits.
        return mustWait && client.status != nil ? "pending" : "active"
    }

    private static func table(_ clients: [ClientSummary], mustWait: Bool) -> [String] {
        var table = TextTable(["CLIENT", "NAME", "GRANTS", "LATEST", "STATE"])
        for client in clients {
            table.add([
                client.id, client.name, "\(client.grantCount)", UTCTime.text(client.latestAt),
                state(client, mustWait: mustWait),
            ])
        }
        return table.lines
    }

    private static func json(_ client: ClientSummary, mustWait: Bool) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        let texts: [(StaticString, String)] = [
            ("client_id", client.id), ("client_name", client.name),
            ("status", state(client, mustWait: mustWait)),
            ("latest_at", UTCTime.text(client.latestAt)),
        ]
        for (name, value) in texts {
            writer.name(name)
            writer.string(value)
        }
        writer.name("grants")
        writer.integer(Int64(client.grantCount))
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func status(
        _ found: RegisteredClient?, _ row: ClientRecord?, mustWait: Bool
    ) -> String {
        guard row?.status != .revoked else { return "revoked" }
        guard let found, found.client != nil else { return "not accepted" }
        if found.isApproved { return "approved" }
        return mustWait ? "pending" : "active"
    }

    private static func description(
        _ id: String, _ found: RegisteredClient?, _ row: ClientRecord?, mustWait: Bool,
        asJSON: Bool
    ) -> [String] {
        let client = found?.client
        let name = client?.name ?? row?.name ?? ""
        let status = status(found, row, mustWait: mustWait)
        let redirectURIs = client?.redirectURIs.map(\.text) ?? []
        let method = client?.authenticationMethod.rawValue
        guard asJSON else {
            var table = TextTable(["client_id", id])
            table.add(["client_name", name])
            table.add(["status", status])
            for uri in redirectURIs { table.add(["redirect_uri", uri]) }
            if let method { table.add(["authentication", method]) }
            return table.lines
        }
        var writer = JSONWriter()
        writer.beginObject()
        let texts: [(StaticString, String?)] = [
            ("client_id", id), ("client_name", name), ("status", status),
            ("token_endpoint_auth_method", method),
        ]
        for case (let member, let value?) in texts {
            writer.name(member)
            writer.string(value)
        }
        writer.name("redirect_uris")
        writer.beginArray()
        for uri in redirectURIs { writer.string(uri) }
        writer.endArray()
        writer.endObject()
        return [String(decoding: writer.bytes, as: UTF8.self)]
    }
}
