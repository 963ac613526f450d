import HTTPClient
import MCP
import ResourceServer

// How an answer ends, in whatever state it is.
extension ResponseRelay {
    func end() {
        switch mode {
        case .waiting, .over: break
        case .passing, .streaming, .discarding:
            mode = .over
            release()
            sink.end()
        case .opening: refuse(.broken(detail: "a stream without an endpoint"), kind: .truncated)
        case .collecting(let head, let content): judgeContent(head, content)
        }
    }

    /// Answers in the upstream's place; nothing has been sent to the client yet.
    func refuse(
        _ failure: ResourceServer.UpstreamFailure, kind: ForwardingFailure.Kind
    ) {
        mode = .over
        upstream?.cancel()
        upstream = nil
        let refusal = failure.answer(to: request)
        sink.note(ForwardingFailure(kind: kind, reason: refusal.reason))
        sink.answer(refusal)
    }

    /// Ends a stream that cannot go on.
    ///
    /// The client is told with an error for its request, unless it
    /// can fetch the rest with Last-Event-ID: then the stream just ends.
    func endBroken(reason: String, kind: ForwardingFailure.Kind = .malformed) {
        mode = .over
        release()
        upstream?.cancel()
        upstream = nil
        sink.note(ForwardingFailure(kind: kind, reason: reason))
        let mayResume = hasResumableEvents && kind != .malformed && kind != .silent
        if let id = request.id, !mayResume {
            let error: GatewayError =
                kind == .silent
                ? .upstreamSilent : .upstreamFailed(reason: "the server's answer broke off")
            sink.send(error.answer(for: request.revision.era).event(id: id))
        }
        sink.end()
    }

    /// When a client whose stream was ended comes again.
    private static let comeAgainMilliseconds = 1000

    /// Ends a standing stream because the token ended or the gateway stops.
    func endGracefully() {
        mode = .over
        if request.kind == .stream {
            // WHATWG HTML §9.2.6 — the client comes again after this time.
            sink.send(StreamEnding.retry(milliseconds: Self.comeAgainMilliseconds).bytes)
        } else if let id = request.id {
            // MCP 2026-07-28 basic/patterns/subscriptions — a listen request ends with its result.
            sink.send(StreamEnding.listenCompletion(id: Array(id)).bytes)
        }
        sink.end()
    }

    func fail(_ failure: HTTPClient.UpstreamFailure) {
        switch mode {
        case .over: break
        case .waiting, .collecting, .opening:
            if case .overloaded = failure { return refuseOverloaded() }
            refuse(failure.answer, kind: failure.forwardingKind)
        case .passing, .discarding:
            mode = .over
            sink.note(ForwardingFailure(kind: failure.forwardingKind, reason: failure.detail))
            sink.abort()
        case .streaming:
            if case .callTimeout = failure, isStandingStream { return endGracefully() }
            endBroken(reason: failure.detail, kind: failure.forwardingKind)
        }
    }

    private func refuseOverloaded() {
        mode = .over
        let error = GatewayError.unavailable(reason: "too many requests are under way")
        let retry = [Refusal.Field(name: "Retry-After", value: "1")]
        sink.note(ForwardingFailure(kind: .exhausted, reason: "no upstream connection left"))
        sink.answer(
            .jsonRPC(
                error.answer(for: request.revision.era), id: request.id, fields: retry,
                reason: "no upstream connection left"))
    }
}
