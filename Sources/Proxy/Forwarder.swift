package import HTTPClient
package import ResourceServer
import Transport

/// Forwards what was authorised, and nothing else.
package struct Forwarder: Sendable {
    /// Where requests go.
    package let target: UpstreamTarget
    /// The time for a whole call with its stream, in nanoseconds.
    package let callTimeout: UInt64
    /// The largest event, in bytes.
    package let eventLimit: Int
    /// The largest answer that is judged as a whole, in bytes.
    package let contentLimit: Int

    /// A forwarder for one upstream.
    package init(target: UpstreamTarget, callTimeout: UInt64, eventLimit: Int, contentLimit: Int) {
        self.target = target
        self.callTimeout = callTimeout
        self.eventLimit = eventLimit
        self.contentLimit = contentLimit
    }

    /// Sends the request over a connection of the pool; the answer goes to the sink.
    ///
    /// `credential` is the line with the gateway's own credential, empty for none. `prepare` gets the relay, to be told when the client leaves or catches up, before the first
    /// byte is sent.
    package func forward(
        _ request: consuming AuthorizedRequest, showing credential: [UInt8],
        over pool: UpstreamPool, to sink: any AnswerSink, authorizer: Authorizer,
        prepare: (ResponseRelay) -> Void
    ) {
        let deadline = deadline(of: request, now: pool.now)
        let opening = ResponseRelay.opensEndpoint(request) ? openingTime(pool) : .max
        let outgoing = RequestRewriter.rewrite(
            request, to: target, showing: credential, deadline: min(deadline, opening))
        let relay = ResponseRelay(
            request, to: sink, authorizer: authorizer, eventLimit: eventLimit,
            contentLimit: contentLimit, deadline: deadline)
        prepare(relay)
        relay.start(outgoing, over: pool)
    }

    /// The first event of HTTP+SSE has the time of a first byte.
    private func openingTime(_ pool: UpstreamPool) -> UInt64 {
        pool.now &+ pool.options.firstByteTimeout
    }

    /// The longest time that a stream may last, in seconds: a year, whatever the token says.
    private static let longestStream: Int64 = 365 * 86_400

    /// A call has its time; a stream of the server lasts as long as the token, and what observe mode
    /// lets through no longer than that.
    private func deadline(of request: borrowing AuthorizedRequest, now: UInt64) -> UInt64 {
        guard ResponseRelay.isStandingStream(request) else { return now &+ callTimeout }
        var end = request.token.expiresAt + AccessTokenVerifier.leeway
        if request.isObserving, let period = request.server.observation {
            end = min(end, period.endsAt)
        }
        let left = end - Int64(Clock.wall / 1_000_000_000)
        return now + UInt64(min(max(0, left), Self.longestStream)) * 1_000_000_000
    }
}
