package import HTTP
package import MCP
package import OAuth

/// A request that was authenticated and authorised: the only thing that may be forwarded.
///
/// Made in this file and nowhere else. It cannot be copied, so it is forwarded once.
package struct AuthorizedRequest: ~Copyable, Sendable {
    /// What is forwarded.
    package enum Kind: Sendable, Equatable {
        /// A request of the client with an id.
        case call
        /// A notification of the client.
        case notification
        /// The client's response to a request of the server.
        case response
        /// A GET for the server's stream.
        case stream
        /// A DELETE of the session.
        case sessionEnd
    }

    /// What is forwarded.
    package let kind: Kind
    /// The method of a call or notification.
    package let method: MCPMethod?
    /// What a call acts on.
    package let target: MessageTarget
    /// The id of a call, as it was written.
    package let id: ArraySlice<UInt8>?
    /// The id of a call.
    package let messageID: MessageID?
    /// The head as it came; `ForwardedFields` says what of it goes on.
    package let head: RequestHead
    /// The body that was judged, byte for byte but for task ids, which are the upstream's own again;
    /// empty for a stream or a session's end.
    package let body: [UInt8]
    /// Whose request it is.
    package let token: VerifiedAccessToken
    /// Where it goes.
    package let server: ProtectedServer
    /// By which revision it was judged.
    package let revision: ProtocolRevision
    /// The upstream's own session id, opened; nil without one, and always on modern requests.
    package let sessionID: [UInt8]?
    /// The upstream's own id of the last event that the client has seen; nil without one.
    package let lastEventID: [UInt8]?
    /// The task that `tasks/*` is about.
    package let task: OpenedTask?
    /// Whether the answer may be a task instead of a result.
    package let mayMakeTask: Bool
    /// What was decided.
    package let ruling: Ruling
    /// Whether the server is in observe mode, so that the answer shows what lists would hide.
    package let isObserving: Bool
    /// Where at an HTTP+SSE upstream a message goes; nil for its stream, and for other upstreams.
    package let endpoint: OpenedEndpoint?

    fileprivate init(
        kind: Kind, message: Message?, head: RequestHead, body: [UInt8],
        token: VerifiedAccessToken, server: ProtectedServer, revision: ProtocolRevision,
        state: StreamState, task: OpenedTask?, clearance: Clearance, isObserving: Bool,
        endpoint: OpenedEndpoint? = nil
    ) {
        self.kind = kind
        method = message?.method
        target = message?.target ?? .none
        id = kind == .call ? message?.idBytes : nil
        messageID = kind == .call ? message?.id : nil
        self.head = head
        self.body = body
        self.token = token
        self.server = server
        self.revision = revision
        sessionID = state.session?.id
        lastEventID = state.lastEventID
        self.task = task
        mayMakeTask = message?.mayMakeTask(in: revision.era) ?? false
        ruling = clearance.ruling
        self.isObserving = isObserving
        self.endpoint = endpoint
    }
}

/// What a request of earlier revisions continues, opened.
private struct StreamState {
    var session: UpstreamSession?
    var lastEventID: [UInt8]?
}

/// What becomes of a request.
package enum Authorization: ~Copyable, Sendable {
    /// It may be forwarded.
    case forward(AuthorizedRequest)
    /// It is answered here.
    case refuse(Refusal)
    /// It is to be judged again, from the beginning, once the tool's definition was asked for.
    case needsDefinition(NeededDefinition)
}

/// Judges requests: first the head, then the body.
///
/// Pure: the time is passed in.
package struct Authorizer: Sendable {
    let sessions: any SessionSealing
    let events: EventSeals
    /// Seals the ids of tasks.
    package let tasks: TaskSeals
    let endpoints: SealedEndpoints
    /// Checks the proofs of keys that tokens are bound to; nil where no token may be.
    let proofs: DPoPVerifier?

    /// An authorizer that opens the ids of sessions, events and tasks, and endpoints, with these
    /// seals; without `proofs` it takes no token that is bound to a key.
    package init(
        sessions: any SessionSealing, events: EventSeals, tasks: TaskSeals,
        endpoints: SealedEndpoints, proofs: DPoPVerifier? = nil
    ) {
        self.sessions = sessions
        self.events = events
        self.tasks = tasks
        self.endpoints = endpoints
        self.proofs = proofs
    }

    /// Judges the head of a request for the server's path, in this order: Origin, preflight, token,
    /// proof, method, content.
    ///
    /// - Parameters:
    ///   - head: the head.
    ///   - server: to which the path belongs.
    ///   - cache: the loop's tokens.
    ///   - ended: the grants whose tokens are refused.
    ///   - now: Unix seconds.
    /// - Returns: the token, the answer, or what the token cannot be judged without.
    package func authenticate(
        _ head: RequestHead, for server: ProtectedServer, cache: TokenCache, ended: EndedGrants,
        at now: Int64
    ) -> Authentication {
        let origin: ArraySlice<UInt8>?
        switch server.originRule.verdict(on: head.fields) {
        case .foreign: return .answered(Refusals.foreignOrigin())
        case .absent: origin = nil
        case .allowed(let bytes): origin = bytes
        }
        guard head.method != .options else {
            return .answered(CORSFields.preflight(head, origin: origin))
        }
        switch token(head, server, cache, now) {
        case .answered(let refusal): return .answered(refusal.readable(by: origin))
        case .pending(let token): return .pending(token.readable(by: origin))
        case .accepted(let token):
            guard !ended.contains(token.grantID) else {
                return .answered(Self.revoked(head, token, server).readable(by: origin))
            }
            if let refusal = TransportCheck.refusal(head, server) ?? EnvelopeCheck.refusal(head) {
                return .answered(refusal.readable(by: origin))
            }
            return .accepted(token)
        }
    }

    /// Judges the body of a request whose head was accepted.
    ///
    /// - Parameters:
    ///   - head: the head that was accepted.
    ///   - body: the whole content.
    ///   - token: the token that was accepted.
    ///   - server: to which the path belongs.
    ///   - ended: the grants whose tokens are refused.
    ///   - now: Unix seconds.
    ///   - opened: the loop's session ids; nil opens each seal anew.
    /// - Returns: what may be forwarded, or the answer.
    package func authorize(
        _ head: RequestHead, body: [UInt8], token: VerifiedAccessToken,
        for server: ProtectedServer, ended: EndedGrants, at now: Int64,
        opened: SessionCache? = nil
    ) -> Authorization {
        do throws(RefusedRequest) {
            // Reading the body took time, and the token or its grant may have ended.
            guard !token.isExpired(at: now) else {
                throw RefusedRequest(
                    Refusals.ended(
                        token, server, server.spelling(of: head), "The access token expired",
                        reason: "token expired"))
            }
            guard !ended.contains(token.grantID) else {
                throw RefusedRequest(Self.revoked(head, token, server))
            }
            switch head.method {
            case .get:
                return .forward(try stream(.stream, head, token, server, now, opened))
            case .delete:
                return .forward(try stream(.sessionEnd, head, token, server, now, opened))
            case .post:
                return try message(head, body, token, server, now, opened)
            case .head, .put, .options, .patch, .connect, .trace, .other:
                throw RefusedRequest(EnvelopeCheck.methodNotAllowed)
            }
        } catch {
            return .refuse(error.refusal.readable(by: head.fields.bytes(of: .origin)))
        }
    }

    /// A GET or DELETE.
    private func stream(
        _ kind: AuthorizedRequest.Kind, _ head: RequestHead, _ token: VerifiedAccessToken,
        _ server: ProtectedServer, _ now: Int64, _ opened: SessionCache?
    ) throws(RefusedRequest) -> AuthorizedRequest {
        let revision = try EnvelopeCheck.streamRevision(head.fields)
        let state = try state(head.fields, token, .legacy, opened, of: nil)
        return AuthorizedRequest(
            kind: kind, message: nil, head: head, body: [], token: token, server: server,
            revision: revision, state: state, task: nil, clearance: .allowed(by: nil),
            isObserving: server.observation?.isOpen(at: now) ?? false)
    }

    /// A POST with one message.
    private func message(
        _ head: RequestHead, _ body: [UInt8], _ token: VerifiedAccessToken,
        _ server: ProtectedServer, _ now: Int64, _ opened: SessionCache?
    ) throws(RefusedRequest) -> Authorization {
        let message: Message
        do throws(MalformedMessage) {
            message = try Message(parsing: body, limits: server.jsonLimits)
        } catch {
            throw RefusedRequest(
                .jsonRPC(
                    error.violation.answer(for: error.era(head.fields)), id: error.id?[...],
                    reason: "malformed message: \(error.violation)", ruling: Ruling(.malformed)))
        }
        let endpoint = try endpoint(of: head, message, token, server)
        do throws(RefusedRequest) {
            return try judged(message, head, body, token, server, now, opened, endpoint)
        } catch {
            throw RefusedRequest(error.refusal.awaited(at: endpoint)).naming(message)
        }
    }

    /// One message, for the server or one endpoint of it.
    private func judged(
        _ message: Message, _ head: RequestHead, _ body: [UInt8], _ token: VerifiedAccessToken,
        _ server: ProtectedServer, _ now: Int64, _ opened: SessionCache?,
        _ endpoint: OpenedEndpoint?
    ) throws(RefusedRequest) -> Authorization {
        var revision: ProtocolRevision
        do throws(HeaderDisagreement) {
            revision = try RequestHeaderAgreement(of: head.fields, with: message).revision
        } catch {
            throw RefusedRequest(
                .jsonRPC(
                    error.answer, id: message.idBytes,
                    reason: "headers disagree: \(error.violation)", ruling: Ruling(.malformed)))
        }
        let state = try state(head.fields, token, revision.era, opened, of: message)
        // A request of a session that names no revision speaks the one that was settled on.
        if let negotiated = state.session?.revision, !head.fields.has(.mcpProtocolVersion) {
            revision = negotiated
        }
        let kind: AuthorizedRequest.Kind
        switch message.kind {
        case .request: kind = .call
        case .notification: kind = .notification
        case .response: kind = .response
        }
        let opening = try opening(of: message, for: token, in: revision.era)
        let observation = server.observation?.pass(at: now)
        let judge = MessageJudge(
            server: server, token: token, era: revision.era, observation: observation)
        let clearance = try judge.clear(message, naming: opening, under: head)
        // Last, so that nobody makes the gateway ask for the definition of what he may not call.
        switch ParameterCheck.verdict(on: message, under: head, revision, for: server) {
        case .agrees: break
        case .refused(let refusal): throw RefusedRequest(refusal)
        case .needsDefinition(let definition): return .needsDefinition(definition)
        }
        let request = AuthorizedRequest(
            kind: kind, message: message, head: head, body: opening.body ?? body, token: token,
            server: server, revision: revision, state: state, task: opening.task,
            clearance: clearance, isObserving: observation != nil, endpoint: endpoint)
        if request.mayMakeTask { tasks.expect(TaskOrigin(of: request), answering: request) }
        return .forward(request)
    }

    /// The task ids of a message, opened.
    private func opening(
        of message: Message, for token: VerifiedAccessToken, in era: ProtocolEra
    ) throws(RefusedRequest) -> TaskOpening {
        do throws(UnknownTask) {
            return try TaskOpening(of: message, for: token, with: tasks)
        } catch {
            throw RefusedRequest(
                .jsonRPC(
                    GatewayError.unknownTask.answer(for: era), id: message.idBytes,
                    reason: "the task is not known to be the principal's",
                    ruling: Ruling(.unknown)))
        }
    }

    /// What a request of earlier revisions continues: its session, and the event it has seen last.
    private func state(
        _ fields: Fields, _ token: VerifiedAccessToken, _ era: ProtocolEra,
        _ cache: SessionCache?, of message: Message?
    ) throws(RefusedRequest) -> StreamState {
        guard era == .legacy else { return StreamState() }
        let session = try session(fields, token, cache, of: message)
        guard fields.has(.lastEventID) else { return StreamState(session: session) }
        guard fields.hasOne(.lastEventID), let last = fields.bytes(of: .lastEventID),
            // A session of the upstream binds its own events; without one the seal does.
            let id = session == nil ? events.open(last, for: token) : Array(last)
        else {
            throw RefusedRequest(
                .jsonRPC(
                    GatewayError.unknownEvent.answer(for: era), id: message?.idBytes,
                    reason: "the event id does not open for this principal",
                    ruling: Ruling(.unknown)))
        }
        return StreamState(session: session, lastEventID: id)
    }

    /// The upstream's session, opened; nil without one.
    private func session(
        _ fields: Fields, _ token: VerifiedAccessToken, _ cache: SessionCache?,
        of message: Message?
    ) throws(RefusedRequest) -> UpstreamSession? {
        guard fields.has(.mcpSessionID) else { return nil }
        guard fields.hasOne(.mcpSessionID), let sealed = fields.bytes(of: .mcpSessionID),
            let opened = cache.map({ $0.session(sealed, for: token, with: sessions) })
                ?? sessions.open(sealed, context: token.sealContext)
        else {
            // MCP 2025-11-25 basic/transports — 404 makes the client start a new session.
            throw RefusedRequest(
                .jsonRPC(
                    GatewayError.unknownSession.answer(for: .legacy), id: message?.idBytes,
                    reason: "the session id does not open for this principal",
                    ruling: Ruling(.unknown)))
        }
        return opened
    }
}
