import AuthorizationServer
import Configuration
import HTTP
import JSON
import Storage
import Transport

/// `gatehouse user`: the users of a users file.
package enum UserCommand {
    /// Adds a user, or gives one another password and other groups.
    ///
    /// - Parameters:
    ///   - path: the configuration.
    ///   - source: the name of the sign-in; nil for the first.
    ///   - name: the user's name.
    ///   - groups: the user's groups.
    ///   - readsStandardInput: whether the password is the first line of standard input; else it is
    ///     asked for on the terminal.
    /// - Returns: the exit status.
    package static func add(
        configurationFile path: String, source: String?, name: String, groups: [String],
        readsStandardInput: Bool
    ) -> Int32 {
        add(configurationFile: path, source: source, name: name, groups: groups) {
            try PasswordEntry.read(readsStandardInput: readsStandardInput)
        }
    }

    /// Adds a user, or gives one another password and other groups.
    static func add(
        configurationFile path: String, source: String?, name: String, groups: [String],
        password: () throws -> [UInt8]
    ) -> Int32 {
        do {
            let place = try place(path, source)
            try check(name, groups)
            let password = try password()
            try check(password)
            let entry = UsersFile.Entry(
                name: name, password: try PasswordHash(of: password), groups: groups)
            var event = AdministratorEvent(.userAdd)
            event.source = place.source
            event.userName = name
            event.target = groups.isEmpty ? nil : "groups \(groups.joined(separator: " "))"
            let wasThere = try audited(event, place.configuration) {
                try UsersFileAccess.update(place.file) { $0.set(entry) }
            }
            ControlSocket.tellOrWarn(place.state)
            StandardOutput.write(
                wasThere
                    ? "\(name) has another password and these groups now" : "\(name) was added")
            return 0
        } catch {
            StandardError.write("gatehouse: \(error)")
            return 1
        }
    }

    /// Prints the users and their groups.
    ///
    /// - Returns: the exit status.
    package static func list(
        configurationFile path: String, source: String?, asJSON: Bool
    ) -> Int32 {
        do {
            let place = try place(path, source)
            let users = try UsersFileAccess.read(place.file).users
            if asJSON {
                for user in users { StandardOutput.write(json(user)) }
            } else {
                var table = TextTable(["USER", "GROUPS"])
                for user in users { table.add([user.name, user.groups.joined(separator: " ")]) }
                for line in table.lines { StandardOutput.write(line) }
            }
            return 0
        } catch {
            StandardError.write("gatehouse: \(error)")
            return 1
        }
    }

    /// Removes a user, and ends what the user agreed to.
    ///
    /// What a user agreed to who is not in the file ends too: an earlier attempt may not have come
    /// that far.
    ///
    /// - Returns: the exit status; 1 if there is no such user.
    package static func remove(
        configurationFile path: String, source: String?, name: String
    ) -> Int32 {
        let place: Place
        do {
            place = try Self.place(path, source)
            try check(name, [])
            _ = try UsersFileAccess.read(place.file)
        } catch {
            StandardError.write("gatehouse: \(error)")
            return 1
        }
        return StateCommand.run(configurationFile: path, tellsGateway: true) {
            configuration, state, pool in
            let subject = User.subject(
                of: name, from: place.source, issuer: configuration.publicURL.description)
            var event = AdministratorEvent(.userRemove)
            event.source = place.source
            event.userName = name
            event.subject = subject
            let (wasThere, ended) = try await CommandAudit.perform(
                event, configuration, state.store, pool
            ) { _ in
                let wasThere =
                    try UsersFileAccess.read(place.file).user(name) != nil
                    && UsersFileAccess.update(place.file) { $0.remove(name) }
                let now = Int64(Clock.wall / 1_000_000_000)
                let ended = try await state.store.endGrants(of: subject, at: now)
                guard wasThere || !ended.isEmpty else {
                    throw StartFailure(reason: "there is no user \(name)")
                }
                return (wasThere, ended)
            }
            StandardOutput.write(
                wasThere
                    ? "\(name) was removed; \(ended.count) grants ended"
                    : "\(name) was not there; \(ended.count) grants ended")
            return 0
        }
    }

    /// A users file and the sign-in that it belongs to.
    private struct Place: Sendable {
        let source: String
        let file: String
        let configuration: GatewayConfiguration
        var state: StateOptions { configuration.state }
    }

    /// Does `work` with its lines in the audit log, for which the state is needed where there is one.
    private static func audited<Value: Sendable>(
        _ event: AdministratorEvent, _ configuration: GatewayConfiguration,
        _ work: @escaping @Sendable () throws -> Value
    ) throws -> Value {
        guard configuration.audit != nil else { return try work() }
        return try GatewayState.withOpened(configuration) { state, pool in
            try await CommandAudit.perform(event, configuration, state.store, pool) { _ in
                try work()
            }
        }
    }

    private static func place(_ path: String, _ source: String?) throws -> Place {
        let outcome = ConfigurationFile.load(path, environment: Environment.all)
        guard let configuration = outcome.configuration else {
            let findings = outcome.diagnostics.map { "\($0)" }.joined(separator: "\n")
            throw StartFailure(reason: "the configuration has errors\n\(findings)")
        }
        for signIn in configuration.signIn where source == nil || signIn.name == source {
            switch signIn.kind {
            case .users(let file):
                return Place(source: signIn.name, file: file, configuration: configuration)
            case .provider where source != nil:
                throw StartFailure(
                    reason: "the users of \(signIn.name) are kept by its identity provider")
            case .provider: continue
            }
        }
        throw StartFailure(
            reason: source.map { "no sign_in is called \($0)" } ?? "there is no sign_in with users")
    }

    private static func check(_ name: String, _ groups: [String]) throws {
        for text in [name] + groups where !UsersFile.isName(text) {
            throw StartFailure(
                reason: "a name has 1 to \(UsersFile.maximumNameLength) printable ASCII characters "
                    + "without space, colon and comma, and does not begin with #")
        }
        guard Set(groups).count == groups.count else {
            throw StartFailure(reason: "a group is named twice")
        }
    }

    private static func check(_ password: [UInt8]) throws {
        // A page sends UTF-8: nobody could sign in with anything else.
        guard let text = String(validating: password, as: UTF8.self) else {
            throw StartFailure(reason: "the password is not UTF-8")
        }
        guard password.count <= PasswordHash.maximumPasswordLength,
            text.count >= PasswordHash.minimumPasswordLength
        else {
            throw StartFailure(
                reason: "a password has \(PasswordHash.minimumPasswordLength) characters or "
                    + "more, and at most \(PasswordHash.maximumPasswordLength) bytes")
        }
    }

    private static func json(_ user: UsersFile.Entry) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("name")
        writer.string(user.name)
        writer.name("groups")
        writer.beginArray()
        for group in user.groups { writer.string(group) }
        writer.endArray()
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
