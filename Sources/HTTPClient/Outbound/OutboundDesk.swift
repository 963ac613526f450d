import HTTP
import Transport

/// What the requests of one outbound client share, on its loop.
final class OutboundDesk {
    let context: LoopContext
    let resolver: any AddressSource
    let policy: AddressPolicy
    let tls: TLSContext
    let limits: OutboundLimits

    private var exchanges: [ObjectIdentifier: OutboundExchange] = [:]
    private var counts: [String: Int] = [:]

    init(
        context: LoopContext, resolver: any AddressSource, policy: AddressPolicy, tls: TLSContext,
        limits: OutboundLimits
    ) {
        self.context = context
        self.resolver = resolver
        self.policy = policy
        self.tls = tls
        self.limits = limits
    }

    func begin(_ request: OutboundRequest, _ completion: @escaping OutboundExchange.Completion) {
        let host = request.url.host.text
        guard exchanges.count < limits.concurrent else {
            return completion(.failure(OutboundFailure(.overloaded, "too many requests")))
        }
        guard counts[host, default: 0] < limits.concurrentPerHost else {
            return completion(
                .failure(OutboundFailure(.overloaded, "too many requests to \(host)")))
        }
        let exchange = OutboundExchange(request, desk: self, completion)
        exchanges[ObjectIdentifier(exchange)] = exchange
        counts[host, default: 0] += 1
        exchange.begin()
    }

    func forget(_ exchange: OutboundExchange) {
        guard exchanges.removeValue(forKey: ObjectIdentifier(exchange)) != nil else { return }
        let host = exchange.request.url.host.text
        let count = counts[host, default: 0] - 1
        counts[host] = count > 0 ? count : nil
    }
}
