import Configuration
import HTTPClient
import Synchronization
import Transport

/// The outbound client of the process: one object, whatever the configuration; the client behind it
/// is made anew when its options change.
final class OutboundService: OutboundClient {
    private struct Current: Sendable {
        let options: OutboundOptions
        let tls: TLSContext
        let client: any OutboundClient
    }

    private let current = Mutex<Current?>(nil)

    /// Goes by these options; whether they are others than before.
    ///
    /// Requests under way end as they began.
    ///
    /// - Throws: why the authorities cannot be used, or there is no thread.
    func adopt(_ options: OutboundOptions) throws -> Bool {
        guard current.withLock({ $0?.options }) != options else { return false }
        let tls = try TLSContext.client(trusting: options.trust)
        let client = try LoopOutboundClient(policy: options.policy, tls: tls)
        current.withLock { $0 = Current(options: options, tls: tls, client: client) }
        return true
    }

    func send(_ request: OutboundRequest) async throws(OutboundFailure) -> OutboundResponse {
        guard let client = current.withLock({ $0?.client }) else {
            throw OutboundFailure(.unreachable, "there is no outbound client yet")
        }
        return try await client.send(request)
    }
}
