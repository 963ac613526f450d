package import Transport

/// The outbound client: every request has a connection of its own, on a loop with a thread of its own.
///
/// A name is looked up once, each address that comes back is held against the ``AddressPolicy``, and
/// the connection goes to one of those addresses. Redirects are answers like any other.
package final class LoopOutboundClient: OutboundClient {
    /// Makes the resolver of names, on the loop.
    package typealias Resolver = @Sendable (LoopContext) -> any AddressSource

    private let loop: EventLoop

    /// Starts a client, whose thread ends with it; `tls` says whose certificates are believed.
    ///
    /// - Throws: `TransportFailure` when there is no thread.
    package init(
        policy: AddressPolicy, tls: TLSContext, limits: OutboundLimits = OutboundLimits(),
        resolver: @escaping Resolver = { HostResolver($0) }
    ) throws(TransportFailure) {
        loop = try EventLoop(name: "outbound")
        try loop.start { context in
            context.resident = OutboundDesk(
                context: context, resolver: resolver(context), policy: policy, tls: tls,
                limits: limits)
        }
    }

    deinit { loop.stop() }

    package func send(
        _ request: OutboundRequest
    ) async throws(OutboundFailure) -> OutboundResponse {
        let result = await withCheckedContinuation { continuation in
            // The client lives until the answer is there, and its loop with it.
            loop.execute { [self] context in
                guard let desk = context.resident as? OutboundDesk else {
                    preconditionFailure("the desk lives as long as the loop")
                }
                desk.begin(request) { result in
                    continuation.resume(returning: result)
                    withExtendedLifetime(self) {}
                }
            }
        }
        return try result.get()
    }
}
