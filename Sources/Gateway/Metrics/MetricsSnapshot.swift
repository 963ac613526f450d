package import ResourceServer

/// The figures of one loop at one moment, or the sum of several loops'.
package struct MetricsSnapshot: Sendable, Equatable {
    /// The servers, in the order of the figures that are kept for each.
    package private(set) var servers = ServerLabels()
    /// Requests by server, then outcome.
    private var requests = CounterTable(columns: RequestOutcome.allCases.count)
    /// Decisions by server, then kind.
    private var decisions = CounterTable(columns: DecisionKind.allCases.count)
    /// Refusals that observe mode relaxed, by server, then kind.
    private var observed = CounterTable(columns: DecisionKind.allCases.count)
    /// Responses by class of status: none, 1xx … 5xx.
    private var responses = [UInt64](repeating: 0, count: 6)
    private var upstreamErrors = [UInt64](repeating: 0, count: UpstreamErrorKind.allCases.count)
    private var gauges = [Int](repeating: 0, count: LoopGauge.allCases.count)
    /// Tokens that the cache knew.
    package private(set) var tokenCacheHits: UInt64 = 0
    /// Tokens that had to be verified.
    package private(set) var tokenCacheMisses: UInt64 = 0
    /// Bytes of content received from clients.
    package private(set) var bytesIn: UInt64 = 0
    /// Bytes of content sent to clients.
    package private(set) var bytesOut: UInt64 = 0
    /// How long requests took.
    package private(set) var latency = LatencyHistogram()

    /// All zero.
    package init() {}

    /// Requests of the server at `server` that came to `outcome`.
    package func requests(server: Int, _ outcome: RequestOutcome) -> UInt64 {
        requests[server, outcome.rawValue]
    }

    /// Decisions of `kind` at the server at `server`.
    package func decisions(server: Int, _ kind: DecisionKind) -> UInt64 {
        decisions[server, kind.rawValue]
    }

    /// Requests that were forwarded though the decision was `kind`: the server is in observe mode.
    package func observed(server: Int, _ kind: DecisionKind) -> UInt64 {
        observed[server, kind.rawValue]
    }

    /// Responses with a status of `statusClass` hundred and some; 0 for requests without a response.
    package func responses(statusClass: Int) -> UInt64 {
        responses[statusClass]
    }

    /// Failures of upstreams of `kind`.
    package func upstreamErrors(_ kind: UpstreamErrorKind) -> UInt64 {
        upstreamErrors[kind.rawValue]
    }

    /// What is open at the moment.
    package func gauge(_ gauge: LoopGauge) -> Int {
        gauges[gauge.rawValue]
    }

    /// Adds the figures of another loop; servers are matched by name.
    package mutating func add(_ other: MetricsSnapshot) {
        for (index, name) in other.servers.names.enumerated() {
            let own = servers.index(of: name)
            requests.add(row: index, of: other.requests, to: own)
            decisions.add(row: index, of: other.decisions, to: own)
            observed.add(row: index, of: other.observed, to: own)
        }
        for index in responses.indices { responses[index] &+= other.responses[index] }
        for index in upstreamErrors.indices {
            upstreamErrors[index] &+= other.upstreamErrors[index]
        }
        for index in gauges.indices { gauges[index] += other.gauges[index] }
        tokenCacheHits &+= other.tokenCacheHits
        tokenCacheMisses &+= other.tokenCacheMisses
        bytesIn &+= other.bytesIn
        bytesOut &+= other.bytesOut
        latency.add(other.latency)
    }
}

// What a loop does to its figures.
extension MetricsSnapshot {
    mutating func adopt(_ labels: ServerLabels) {
        precondition(
            labels.names.starts(with: servers.names), "the labels of servers only ever grow")
        servers = labels
        requests.grow(toRows: labels.names.count)
        decisions.grow(toRows: labels.names.count)
        observed.grow(toRows: labels.names.count)
    }

    mutating func count(_ outcome: RequestOutcome, server: Int) {
        requests.increase(row: server, column: outcome.rawValue)
    }

    mutating func count(_ ruling: Ruling, server: Int) {
        decisions.increase(row: server, column: ruling.kind.rawValue)
        if ruling.isObserved { observed.increase(row: server, column: ruling.kind.rawValue) }
    }

    mutating func count(_ kind: UpstreamErrorKind) {
        upstreamErrors[kind.rawValue] &+= 1
    }

    mutating func countResponse(status: Int) {
        let statusClass = status / 100
        responses[1...5 ~= statusClass ? statusClass : 0] &+= 1
    }

    mutating func countTokenLookup(hit: Bool) {
        if hit { tokenCacheHits &+= 1 } else { tokenCacheMisses &+= 1 }
    }

    mutating func countBytes(in received: Int, out sent: Int) {
        bytesIn &+= UInt64(max(received, 0))
        bytesOut &+= UInt64(max(sent, 0))
    }

    mutating func observe(durationMicroseconds: Int) {
        latency.observe(microseconds: durationMicroseconds)
    }

    mutating func change(_ gauge: LoopGauge, by difference: Int) {
        gauges[gauge.rawValue] += difference
    }
}
