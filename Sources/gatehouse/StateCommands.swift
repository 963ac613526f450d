import ArgumentParser
import Gateway

/// `gatehouse client`.
struct ClientGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client", abstract: "The clients that registered.",
        subcommands: [
            List.self, Show.self, Approve.self, Revoke.self, Invite.self, Invitations.self,
            Uninvite.self,
        ])

    /// `gatehouse client list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the clients that were granted something, the latest first.")
        @OptionGroup var file: ConfigurationOption
        @Flag(help: "One JSON object a line.")
        var json = false

        func run() throws {
            throw ExitCode(ClientCommand.list(configurationFile: file.path, asJSON: json))
        }
    }

    /// `gatehouse client show`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what is known of a client.")
        @OptionGroup var file: ConfigurationOption
        @Argument(help: "The client_id.")
        var id: String
        @Flag(help: "One JSON object.")
        var json = false

        func run() throws {
            throw ExitCode(ClientCommand.show(configurationFile: file.path, id: id, asJSON: json))
        }
    }

    /// `gatehouse client revoke`.
    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Refuse a client for good, and end its grants at once.")
        @OptionGroup var file: ConfigurationOption
        @Argument(help: "The client_id.")
        var id: String

        func run() throws {
            throw ExitCode(ClientCommand.revoke(configurationFile: file.path, id: id))
        }
    }
}

extension ClientGroup {
    /// `gatehouse client approve`.
    struct Approve: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Approve a client as it is; one that changes waits again.")
        @OptionGroup var file: ConfigurationOption
        @Argument(help: "The client_id.")
        var id: String

        func run() throws {
            throw ExitCode(ClientCommand.approve(configurationFile: file.path, id: id))
        }
    }

    /// `gatehouse client invite`.
    struct Invite: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a new token with which clients may register.",
            discussion: """
                Clients present it at /register as a bearer token, where registration.dynamic is \
                token. It is shown only once.
                """)
        @OptionGroup var file: ConfigurationOption
        @Option(help: "For whom it is.")
        var name = ""
        @Option(help: "How many clients may register with it.")
        var uses = 1
        @Option(help: "How long it can be used, such as 30m, 24h or 7d.")
        var lifetime = "24h"

        func run() throws {
            throw ExitCode(
                ClientCommand.invite(
                    configurationFile: file.path, name: name, uses: uses, lifetime: lifetime))
        }
    }

    /// `gatehouse client invitations`.
    struct Invitations: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the invitations that can still be used, the latest first.")
        @OptionGroup var file: ConfigurationOption
        @Flag(help: "One JSON object a line.")
        var json = false

        func run() throws {
            throw ExitCode(ClientCommand.invitations(configurationFile: file.path, asJSON: json))
        }
    }

    /// `gatehouse client uninvite`.
    struct Uninvite: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take an invitation back; who registered with it stays.")
        @OptionGroup var file: ConfigurationOption
        @Argument(help: "The id of the invitation.")
        var id: String

        func run() throws {
            throw ExitCode(ClientCommand.uninvite(configurationFile: file.path, id: id))
        }
    }
}

/// `gatehouse grant`.
struct GrantGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant", abstract: "What users have agreed to.",
        subcommands: [List.self, Revoke.self])

    /// `gatehouse grant list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the grants, the newest first.")
        @OptionGroup var file: ConfigurationOption
        @Option(help: "Only those of the user of this name.")
        var user: String?
        @Flag(help: "Those that have ended, too.")
        var ended = false
        @Flag(help: "One JSON object a line.")
        var json = false

        func run() throws {
            throw ExitCode(
                GrantCommand.list(
                    configurationFile: file.path, user: user, includesEnded: ended, asJSON: json))
        }
    }

    /// `gatehouse grant revoke`.
    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a grant: its tokens are refused at once.")
        @OptionGroup var file: ConfigurationOption
        @Argument(help: "The id of the grant.")
        var id: String

        func run() throws {
            throw ExitCode(GrantCommand.revoke(configurationFile: file.path, id: id))
        }
    }
}

/// `gatehouse key`.
struct KeyGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "The keys that sign tokens, and those that seal.",
        subcommands: [List.self, Rotate.self])

    /// `gatehouse key list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the keys, the newest first.")
        @OptionGroup var file: ConfigurationOption
        @Flag(help: "One JSON object a line.")
        var json = false

        func run() throws {
            throw ExitCode(KeyCommand.list(configurationFile: file.path, asJSON: json))
        }
    }

    /// `gatehouse key rotate`.
    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a new key and use it from now on.",
            discussion: """
                What older keys signed or sealed stays good, unless --revoke is given: then access \
                tokens (signing), or registrations, sign-ins and refresh tokens (sealing) are \
                refused at once. With identity keys, --revoke takes the older ones out of \
                /identity-jwks at once: what an upstream got in the last minute no longer verifies \
                once it reads them again.
                """)
        @OptionGroup var file: ConfigurationOption
        @Option(
            help: """
                signing: access tokens; identity: what upstreams are told; sealing: client ids, \
                sessions, refresh tokens.
                """)
        var kind = KeyCommand.Kind.signing
        @Flag(help: "Delete the older keys.")
        var revoke = false

        func run() throws {
            throw ExitCode(
                KeyCommand.rotate(configurationFile: file.path, kind: kind, revoking: revoke))
        }
    }
}

extension KeyCommand.Kind: ExpressibleByArgument {}
