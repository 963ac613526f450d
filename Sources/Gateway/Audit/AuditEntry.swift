/// What the audit log says of one event: these members and no others, so that there is no place where
/// a token, an argument or content could go.
///
/// A member that is nil is left out of the line. Every request makes one, so it is never copied.
struct AuditEntry: ~Copyable, Sendable {
    /// When; milliseconds since 1970-01-01T00:00:00Z.
    var timeMilliseconds: Int64
    /// What happened.
    var event: AuditEventKind
    /// The gateway's name for the request.
    var requestID: RequestIdentifier?
    /// The address of the client.
    var clientAddress: String?
    /// The members that name the principal of a token, as ``LogEncoding/members(of:)`` made them; then
    /// neither `subject` nor `clientID` is set.
    var principal: [UInt8] = []
    /// The user, as tokens name one.
    var subject: String?
    /// The client.
    var clientID: String?
    /// The name of the configured server.
    var server: String?
    /// The MCP method, or the method of HTTP where there is none.
    var method: String?
    /// The tool, prompt or resource; the task or what a command works on.
    var target: LogText?
    /// What was decided, or what came of it.
    var decision: StaticString?
    /// The rule behind the decision.
    var rule: String?
    /// The scope behind the decision, or the scopes that are granted, issued or asked for.
    var scope: String?
    /// Scopes that were offered and declined, or that a grant has beyond the one before.
    var otherScope: (name: AuditScopeName, scope: String)?
    /// The grant.
    var grantID: String?
    /// `jti` of an access token.
    var tokenID: String?
    /// The source of users, and the name of a known user there.
    var source: String?
    /// The name of a user who is known at the source.
    var userName: String?
    /// What a command did.
    var action: String?
    /// The user of the system who gave a command, and on whose behalf.
    var unixUser: String?
    /// `SUDO_USER` of a command.
    var sudoUser: String?
    /// Whether the server is in observe mode, in which what its scopes refuse is forwarded.
    var isObserved = false
    /// Why, in words of ours.
    var reason: String?
    /// The status that was sent.
    var status: Int?
    /// The status that the upstream sent.
    var upstreamStatus: Int?
    /// From the first byte of the request to the last of the answer, in microseconds.
    var latencyMicroseconds: Int?
    /// Requests that were refused while the log could not be written.
    var refusedCount: Int?
    /// Lines that are missing from here.
    var lostCount: Int?

    /// An entry of what is given here; the rest can be set.
    @inline(__always)
    init(timeMilliseconds: Int64, event: AuditEventKind) {
        self.timeMilliseconds = timeMilliseconds
        self.event = event
    }
}

/// What a line of the audit log is about.
enum AuditEventKind: Sendable, CaseIterable {
    /// A request to a server was decided.
    case decision
    /// A standing stream ended, whose decision has a line of its own.
    case streamEnded
    /// A client registered, or was refused.
    case registration
    /// Somebody signed in, or tried.
    case signIn
    /// A user agreed or declined.
    case consent
    /// Tokens were issued, or refused.
    case issuance
    /// A grant has more than the one before it.
    case stepUp
    /// A grant or a client came to its end.
    case revocation
    /// An administrator gave a command.
    case administration
    /// The gateway began to write the log.
    case started
    /// The log's file was opened again.
    case reopened
    /// Lines are missing, or requests were refused, since the log could not be written.
    case gap

    /// The value of `event`.
    var label: StaticString {
        switch self {
        case .decision: "decision"
        case .streamEnded: "stream_ended"
        case .registration: "registration"
        case .signIn: "sign_in"
        case .consent: "consent"
        case .issuance: "issuance"
        case .stepUp: "step_up"
        case .revocation: "revocation"
        case .administration: "administration"
        case .started: "started"
        case .reopened: "reopened"
        case .gap: "gap"
        }
    }
}

/// The member that holds scopes beside `scope`.
enum AuditScopeName: Sendable {
    /// Offered, and declined by the user.
    case declined
    /// What the new grant has beyond the one before.
    case added

    /// The name of the member, with its punctuation.
    var label: StaticString {
        switch self {
        case .declined: ",\"declined_scope\":"
        case .added: ",\"added_scope\":"
        }
    }
}
