import Configuration
import JSON
import Storage
import Transport

/// `gatehouse observe report`: what the scopes would have refused.
package enum ObserveCommand {
    /// Prints what observe mode has let pass, the most frequent first.
    ///
    /// - Parameters:
    ///   - path: the configuration.
    ///   - server: the only server that matters; nil for all.
    ///   - listsPrincipals: whether each user and client has a line of its own.
    ///   - asJSON: one JSON object a line, for each user and client.
    /// - Returns: the exit status.
    package static func report(
        configurationFile path: String, server: String?, listsPrincipals: Bool, asJSON: Bool
    ) -> Int32 {
        // What is still in the running gateway's memory is written first.
        ControlSocket.tellOrWarn(configurationFile: path)
        return StateCommand.run(configurationFile: path) { configuration, state, _ in
            if let server, !configuration.servers.contains(where: { $0.name == server }) {
                StandardError.write("gatehouse: there is no server \(server)")
                return 1
            }
            let records = try await state.store.observations().filter {
                server == nil || $0.key.server == server
            }
            if asJSON {
                for record in records { StandardOutput.write(json(record)) }
            } else if records.isEmpty {
                StandardOutput.write("nothing was let pass that the scopes would have refused")
            } else {
                for line in table(records, listsPrincipals: listsPrincipals) {
                    StandardOutput.write(line)
                }
            }
            return 0
        }
    }

    /// One line of the report: everything alike but for user and client.
    private struct Line: Hashable {
        let server: String
        let decision: String
        let method: String
        let target: String
        let neededScope: String
        /// User and client, where each has a line.
        let principal: [String]

        init(_ key: ObservationRecord.Key, listsPrincipals: Bool) {
            server = key.server
            decision = key.decision
            method = key.method
            target = key.target
            neededScope = key.neededScope
            principal = listsPrincipals ? [key.subject, key.client] : []
        }
    }

    private static func table(_ records: [ObservationRecord], listsPrincipals: Bool) -> [String] {
        var order: [Line] = []
        var sums: [Line: (count: Int64, lastAt: Int64, principals: Set<[String]>)] = [:]
        for record in records {
            let line = Line(record.key, listsPrincipals: listsPrincipals)
            if sums[line] == nil { order.append(line) }
            var sum = sums[line] ?? (0, 0, [])
            sum.count += record.count
            sum.lastAt = max(sum.lastAt, record.lastAt)
            sum.principals.insert([record.key.subject, record.key.client])
            sums[line] = sum
        }
        let who = listsPrincipals ? ["USER", "CLIENT"] : ["WHO"]
        var table = TextTable(
            ["SERVER", "WOULD BE", "METHOD", "TARGET", "NEEDS"] + who + ["TIMES", "LAST"])
        order.sort { (sums[$0]?.count ?? 0) > (sums[$1]?.count ?? 0) }
        for line in order {
            guard let sum = sums[line] else { continue }
            let principals = listsPrincipals ? line.principal : ["\(sum.principals.count)"]
            table.add(
                [line.server, line.decision, line.method, line.target, line.neededScope]
                    + principals + ["\(sum.count)", UTCTime.text(sum.lastAt)])
        }
        return table.lines
    }

    private static func json(_ record: ObservationRecord) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        let texts: [(StaticString, String)] = [
            ("server", record.key.server), ("decision", record.key.decision),
            ("method", record.key.method), ("target", record.key.target),
            ("needed_scope", record.key.neededScope), ("rule", record.rule),
            ("subject", record.key.subject), ("client_id", record.key.client),
            ("first_at", UTCTime.text(record.firstAt)), ("last_at", UTCTime.text(record.lastAt)),
        ]
        for (name, value) in texts where !value.isEmpty {
            writer.name(name)
            writer.string(value)
        }
        writer.name("count")
        writer.integer(Int(record.count))
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
