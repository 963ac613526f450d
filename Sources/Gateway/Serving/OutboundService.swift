import Configuration
import HTTPClient
import Synchronization
import Transport

/// The outbound client of the process: one object, whatever the configuration; the client behind it
/// is made anew when its options change.
final class OutboundService: OutboundClient {
    /// A client that is ready to take over, or the one that is there already.
    struct Prepared: Sendable {
        /// What believes the certificates of others.
        let tls: TLSContext
        fileprivate let options: OutboundOptions
        fileprivate let client: LoopOutboundClient
    }

    private let current = Mutex<Prepared?>(nil)

    /// Makes what these options take, without a change to what is in use.
    ///
    /// - Throws: why the authorities cannot be used, or there is no thread.
    func prepare(_ options: OutboundOptions) throws -> Prepared {
        if let known = current.withLock({ $0 }), known.options == options { return known }
        let tls = try TLSContext.client(trusting: options.trust)
        return Prepared(
            tls: tls, options: options,
            client: try LoopOutboundClient(policy: options.policy, tls: tls))
    }

    /// Fetches by what was prepared; whether that is something else than before.
    ///
    /// Requests under way end as they began.
    func adopt(_ prepared: Prepared) -> Bool {
        current.withLock { current in
            let isOther = current?.client !== prepared.client
            current = prepared
            return isOther
        }
    }

    func send(_ request: OutboundRequest) async throws(OutboundFailure) -> OutboundResponse {
        guard let client = current.withLock({ $0?.client }) else {
            throw OutboundFailure(.unreachable, "there is no outbound client yet")
        }
        return try await client.send(request)
    }
}
