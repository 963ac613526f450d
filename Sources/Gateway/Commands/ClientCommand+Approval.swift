import AuthorizationServer
import Configuration
import Cryptography
import JSON
import OAuth
import Storage
import Transport

extension ClientCommand {
    /// Approves a client that registered itself, as it is now: name, redirect URIs, method, keys.
    ///
    /// - Returns: the exit status; 1 if the id is none of a client that can be approved.
    package static func approve(configurationFile path: String, id: String) -> Int32 {
        StateCommand.run(configurationFile: path) { configuration, state, pool in
            // Without the entries of the configuration, which need no approval.
            let directory = ClientDirectory(
                store: state.store, ring: state.keys.ring, options: configuration.registration)
            let now = Int64(Clock.wall / 1_000_000_000)
            guard let client = try await directory.registered(id, at: now)?.client else {
                StandardError.write(
                    "gatehouse: there is no registered client \(id) that is allowed")
                return 1
            }
            var event = AdministratorEvent(.clientApprove)
            event.clientID = id
            let isDone = try await CommandAudit.perform(event, configuration, state.store, pool) {
                event in
                let isDone = try await directory.approve(id, at: now)
                if !isDone { event.stage = .failed }
                return isDone
            }
            guard isDone else {
                StandardError.write("gatehouse: \(id) has changed at this moment; look at it again")
                return 1
            }
            let places = client.redirectURIs.map(\.text).joined(separator: ", ")
            StandardOutput.write("approved \(id): \(client.name), at \(places)")
            return 0
        }
    }

    /// What an invitation may be: 1 to 10,000 uses, 1 minute to 1 year.
    private static let useLimits: ClosedRange<Int64> = 1...10_000
    private static let lifetimes: ClosedRange<Int64> = 60...(365 * 86_400)
    /// How many invitations are kept that can still be used.
    private static let invitationLimit = 1000
    /// The longest name of an invitation, in bytes.
    private static let invitationNameLimit = 200

    /// Prints a new initial access token, with which clients may register.
    ///
    /// - Parameters:
    ///   - path: the configuration file.
    ///   - name: for whom it is, in the administrator's words.
    ///   - uses: how many clients may use it.
    ///   - lifetime: how long, as in the configuration: `24h`.
    /// - Returns: the exit status.
    package static func invite(
        configurationFile path: String, name: String, uses: Int, lifetime: String
    ) -> Int32 {
        guard let seconds = ValueText.duration(lifetime)?.components.seconds,
            lifetimes.contains(seconds)
        else {
            StandardError.write("gatehouse: --lifetime is written as 30m, 24h or 7d, at most 365d")
            return 2
        }
        guard useLimits.contains(Int64(uses)) else {
            StandardError.write("gatehouse: --uses is from 1 to 10000")
            return 2
        }
        guard name.utf8.count <= invitationNameLimit,
            !name.unicodeScalars.contains(where: isControl)
        else {
            StandardError.write("gatehouse: --name is one line of at most 200 bytes")
            return 2
        }
        return StateCommand.run(configurationFile: path) { configuration, state, pool in
            let now = Int64(Clock.wall / 1_000_000_000)
            let token = InitialAccessToken.make()
            let invitation = InvitationRecord(
                id: "i" + Base64URL.encode(randomBytes(6)), digest: token.digest, name: name,
                useLimit: Int64(uses), createdAt: now, expiresAt: now + seconds)
            var event = AdministratorEvent(.clientInvite)
            event.target = invitation.id
            let isKept = try await CommandAudit.perform(event, configuration, state.store, pool) {
                event in
                let isKept = try await state.store.invite(
                    invitation, limit: invitationLimit, at: now)
                if !isKept { event.stage = .failed }
                return isKept
            }
            guard isKept else {
                StandardError.write("gatehouse: there are too many invitations; take some back")
                return 1
            }
            if configuration.registration.dynamic != .token {
                StandardError.write(
                    "gatehouse: registration.dynamic is not token, so that nobody is asked for it")
            }
            StandardError.write(
                "gatehouse: invitation \(invitation.id); the token is shown only now")
            StandardOutput.write(token.text)
            return 0
        }
    }

    /// Prints the invitations that can still be used, the latest first.
    ///
    /// - Returns: the exit status.
    package static func invitations(configurationFile path: String, asJSON: Bool) -> Int32 {
        StateCommand.run(configurationFile: path) { _, state, _ in
            let now = Int64(Clock.wall / 1_000_000_000)
            let found = try await state.store.invitations(at: now)
            for line in asJSON ? found.map(json) : table(found) { StandardOutput.write(line) }
            return 0
        }
    }

    /// Takes an invitation back; who registered with it stays.
    ///
    /// - Returns: the exit status; 1 if the id is none.
    package static func uninvite(configurationFile path: String, id: String) -> Int32 {
        StateCommand.run(configurationFile: path) { configuration, state, pool in
            var event = AdministratorEvent(.clientUninvite)
            event.target = id
            let isDone = try await CommandAudit.perform(event, configuration, state.store, pool) {
                event in
                let isDone = try await state.store.withdrawInvitation(id)
                if !isDone { event.stage = .failed }
                return isDone
            }
            guard isDone else {
                StandardError.write("gatehouse: there is no invitation \(id)")
                return 1
            }
            StandardOutput.write("took back \(id)")
            return 0
        }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control
    }

    private static func table(_ invitations: [InvitationRecord]) -> [String] {
        var table = TextTable(["INVITATION", "NAME", "USED", "MADE", "UNTIL"])
        for invitation in invitations {
            table.add([
                invitation.id, invitation.name, "\(invitation.useCount)/\(invitation.useLimit)",
                UTCTime.text(invitation.createdAt), UTCTime.text(invitation.expiresAt),
            ])
        }
        return table.lines
    }

    private static func json(_ invitation: InvitationRecord) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        let texts: [(StaticString, String)] = [
            ("id", invitation.id), ("name", invitation.name),
            ("created_at", UTCTime.text(invitation.createdAt)),
            ("expires_at", UTCTime.text(invitation.expiresAt)),
        ]
        for (name, value) in texts {
            writer.name(name)
            writer.string(value)
        }
        writer.name("uses")
        writer.integer(invitation.useCount)
        writer.name("use_limit")
        writer.integer(invitation.useLimit)
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
