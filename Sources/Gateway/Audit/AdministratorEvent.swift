import Glibc
import JSON

/// What an administrator did with a command, for the audit log.
struct AdministratorEvent: Sendable, Equatable {
    /// What a command does.
    enum Action: String, Sendable, CaseIterable {
        case userAdd = "user_add"
        case userRemove = "user_remove"
        case clientRevoke = "client_revoke"
        case clientApprove = "client_approve"
        case clientInvite = "client_invite"
        case clientUninvite = "client_uninvite"
        case grantRevoke = "grant_revoke"
        case keyRotate = "key_rotate"
        case tokenIssue = "token_issue"
    }

    /// How far a command has come.
    enum Stage: String, Sendable, CaseIterable {
        /// It is about to act.
        case requested
        /// It has acted.
        case done
        /// It could not act, or only in part.
        case failed
    }

    let action: Action
    var stage = Stage.requested
    /// What a command works on where no other member says it: the kind of a key.
    var target: String?
    var server: String?
    var source: String?
    var userName: String?
    var subject: String?
    var clientID: String?
    var grantID: String?
    var tokenID: String?
    var scope: String?
    var reason: String?
    /// The user of the system who gave the command.
    var unixUser: String
    /// On whose behalf, where `sudo` says so.
    var sudoUser: String?

    /// An event of the process's own user.
    init(_ action: Action) {
        self.action = action
        unixUser = Self.processUser
        sudoUser = Environment.all["SUDO_USER"]
    }

    /// Whether it is about to happen, so that it can be prevented.
    var isRequest: Bool { stage == .requested }

    /// The name of the process's real user, or the number of one without a name.
    private static var processUser: String {
        let number = getuid()
        guard let entry = unsafe getpwuid(number), let name = unsafe entry.pointee.pw_name else {
            return "\(number)"
        }
        return unsafe String(cString: name)
    }
}

// MARK: The line

extension AdministratorEvent {
    /// The entry of the audit log; `time` in Unix milliseconds.
    func entry(at time: Int64) -> AuditEntry {
        var entry = AuditEntry(timeMilliseconds: time, event: .administration)
        entry.action = action.rawValue
        entry.decision =
            switch stage {
            case .requested: "requested"
            case .done: "done"
            case .failed: "failed"
            }
        entry.target = target.map { .string($0) }
        entry.server = server
        entry.source = source
        entry.userName = userName
        entry.subject = subject
        entry.clientID = clientID
        entry.grantID = grantID
        entry.tokenID = tokenID
        entry.scope = scope
        entry.reason = reason
        entry.unixUser = unixUser
        entry.sudoUser = sudoUser
        return entry
    }
}

// MARK: On the control socket

extension AdministratorEvent {
    private static var members: [(name: String, path: WritableKeyPath<Self, String?>)] {
        [
            ("target", \.target), ("server", \.server), ("source", \.source), ("user", \.userName),
            ("subject", \.subject), ("client_id", \.clientID), ("grant_id", \.grantID),
            ("token_id", \.tokenID), ("scope", \.scope), ("reason", \.reason),
            ("sudo_user", \.sudoUser),
        ]
    }

    /// The event as a JSON object.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        for (name, value) in [
            ("action", action.rawValue), ("stage", stage.rawValue), ("unix_user", unixUser),
        ] {
            writer.name(name)
            writer.string(value)
        }
        for (name, path) in Self.members {
            guard let value = self[keyPath: path] else { continue }
            writer.name(name)
            writer.string(value)
        }
        writer.endObject()
        return writer.bytes
    }

    /// The event of a JSON object; nil for anything else.
    init?(parsing bytes: [UInt8]) {
        guard let root = try? JSONDocument(parsing: bytes).root,
            let action = root["action"]?.string.flatMap(Action.init),
            let stage = root["stage"]?.string.flatMap(Stage.init),
            let unixUser = root["unix_user"]?.string
        else { return nil }
        self.init(action)
        self.stage = stage
        self.unixUser = unixUser
        for (name, path) in Self.members { self[keyPath: path] = root.member(name)?.string }
    }
}
