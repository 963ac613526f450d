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
        StateCommand.run(configurationFile: path) { _, state, _ in
            let clients = try await state.store.clients(limit: listLimit)
            for line in asJSON ? clients.map(json) : table(clients) { StandardOutput.write(line) }
            return 0
        }
    }

    /// Prints what is known of one client, self-contained or not.
    ///
    /// - Returns: the exit status; 1 if the id is none.
    package static func show(configurationFile path: String, id: String, asJSON: Bool) -> Int32 {
        StateCommand.run(configurationFile: path) { configuration, state, _ in
            let directory = ClientDirectory(
                store: state.store, ring: state.keys.ring, options: configuration.registration)
            let now = Int64(Clock.wall / 1_000_000_000)
            let client = try await directory.client(id, at: now)
            let row = try await state.store.client(id)
            guard client != nil || row != nil else {
                StandardError.write("gatehouse: there is no client \(id)")
                return 1
            }
            for line in description(id, client, row, asJSON: asJSON) { StandardOutput.write(line) }
            return 0
        }
    }

    /// Refuses a client for good, and ends its grants.
    ///
    /// - Returns: the exit status; 1 if the id is none.
    package static func revoke(configurationFile path: String, id: String) -> Int32 {
        StateCommand.run(configurationFile: path, tellsGateway: true) {
            configuration, state, pool in
            let directory = ClientDirectory(
                store: state.store, ring: state.keys.ring, options: configuration.registration)
            let now = Int64(Clock.wall / 1_000_000_000)
            let client = try await directory.client(id, at: now)
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

    private static func table(_ clients: [ClientSummary]) -> [String] {
        var table = TextTable(["CLIENT", "NAME", "GRANTS", "LATEST", "STATE"])
        for client in clients {
            table.add([
                client.id, client.name, "\(client.grantCount)", UTCTime.text(client.latestAt),
                client.status?.rawValue ?? "active",
            ])
        }
        return table.lines
    }

    private static func json(_ client: ClientSummary) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        let texts: [(StaticString, String)] = [
            ("client_id", client.id), ("client_name", client.name),
            ("status", client.status?.rawValue ?? "active"),
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

    private static func description(
        _ id: String, _ client: Client?, _ row: ClientRecord?, asJSON: Bool
    ) -> [String] {
        let name = client?.name ?? row?.name ?? ""
        let status =
            row?.status == .revoked ? "revoked" : client == nil ? "not accepted" : "active"
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
