import ResourceServer
import Testing

@testable import Gateway

@Suite("Loop metrics") struct LoopMetricsTests {
    @Test func `a request counts by server, outcome and class of status`() {
        var labels = ServerLabels()
        let tickets = labels.index(of: "tickets")
        let metrics = LoopMetrics(servers: labels)
        metrics.countRequest(
            server: tickets, outcome: .forwarded, status: 200, bytesIn: 10, bytesOut: 20,
            durationMicroseconds: 600)
        metrics.countRequest(
            server: ServerLabels.none, outcome: .refused, status: 404, bytesIn: 1, bytesOut: 2,
            durationMicroseconds: 5)
        let snapshot = metrics.snapshot()
        #expect(snapshot.requests(server: tickets, .forwarded) == 1)
        #expect(snapshot.requests(server: tickets, .refused) == 0)
        #expect(snapshot.requests(server: ServerLabels.none, .refused) == 1)
        #expect((0...5).map(snapshot.responses) == [0, 0, 1, 0, 1, 0])
        #expect(snapshot.bytesIn == 11)
        #expect(snapshot.bytesOut == 22)
        #expect(snapshot.latency.count == 2)
    }

    @Test(arguments: [(0, 0), (99, 0), (100, 1), (199, 1), (304, 3), (599, 5), (600, 0), (-1, 0)])
    func `a status counts in its class`(_ status: Int, _ statusClass: Int) {
        let metrics = LoopMetrics()
        metrics.countRequest(
            server: 0, outcome: .answered, status: status, bytesIn: 0, bytesOut: 0,
            durationMicroseconds: 0)
        #expect(metrics.snapshot().responses(statusClass: statusClass) == 1)
    }

    @Test(arguments: DecisionKind.allCases)
    func `a decision counts once and in its place`(_ kind: DecisionKind) {
        let metrics = LoopMetrics()
        metrics.count(Ruling(kind), server: 0)
        let snapshot = metrics.snapshot()
        #expect(DecisionKind.allCases.filter { snapshot.decisions(server: 0, $0) == 1 } == [kind])
    }

    @Test(arguments: UpstreamErrorKind.allCases)
    func `an upstream's failure counts once and in its place`(_ kind: UpstreamErrorKind) {
        let metrics = LoopMetrics()
        metrics.count(kind)
        let snapshot = metrics.snapshot()
        #expect(UpstreamErrorKind.allCases.filter { snapshot.upstreamErrors($0) == 1 } == [kind])
    }

    @Test(arguments: LoopGauge.allCases)
    func `a gauge rises and falls`(_ gauge: LoopGauge) {
        let metrics = LoopMetrics()
        metrics.increase(gauge)
        metrics.increase(gauge)
        metrics.decrease(gauge)
        let snapshot = metrics.snapshot()
        #expect(LoopGauge.allCases.filter { snapshot.gauge($0) == 1 } == [gauge])
    }

    @Test func `looks into the token cache count by result`() {
        let metrics = LoopMetrics()
        metrics.countTokenLookup(hit: true)
        metrics.countTokenLookup(hit: true)
        metrics.countTokenLookup(hit: false)
        #expect(metrics.snapshot().tokenCacheHits == 2)
        #expect(metrics.snapshot().tokenCacheMisses == 1)
    }

    @Test func `a server keeps its counters through a reload`() {
        var labels = ServerLabels()
        let tickets = labels.index(of: "tickets")
        let metrics = LoopMetrics(servers: labels)
        metrics.count(Ruling(.allow), server: tickets)

        let wiki = labels.index(of: "wiki")
        #expect(labels.index(of: "tickets") == tickets)
        metrics.adopt(labels)
        metrics.count(Ruling(.allow), server: tickets)
        metrics.count(Ruling(.denied), server: wiki)
        let snapshot = metrics.snapshot()
        #expect(snapshot.decisions(server: tickets, .allow) == 2)
        #expect(snapshot.decisions(server: wiki, .denied) == 1)
        #expect(snapshot.decisions(server: tickets, .denied) == 0)
    }

    @Test func `a server that the loop does not know yet counts as none`() {
        let metrics = LoopMetrics()
        metrics.count(Ruling(.stepUp), server: 7)
        #expect(metrics.snapshot().decisions(server: ServerLabels.none, .stepUp) == 1)
    }

    @Test func `a snapshot stays as it was taken`() {
        let metrics = LoopMetrics()
        let before = metrics.snapshot()
        metrics.increase(.streams)
        #expect(before == MetricsSnapshot())
        #expect(metrics.snapshot() != before)
    }

    @Test func `snapshots add up by the names of servers`() {
        var labels = ServerLabels()
        let a = labels.index(of: "a")
        let first = LoopMetrics(servers: labels)
        first.count(Ruling(.allow), server: a)
        var otherLabels = ServerLabels()
        let b = otherLabels.index(of: "b")
        let otherA = otherLabels.index(of: "a")
        let second = LoopMetrics(servers: otherLabels)
        second.count(Ruling(.allow), server: otherA)
        second.count(Ruling(.denied), server: b)
        second.countRequest(
            server: b, outcome: .refused, status: 403, bytesIn: 3, bytesOut: 4,
            durationMicroseconds: 9)
        second.count(.silent)
        second.countTokenLookup(hit: true)
        second.countTokenLookup(hit: false)
        second.increase(.streams)

        var sum = first.snapshot()
        sum.add(second.snapshot())
        #expect(sum.servers.names == ["", "a", "b"])
        #expect(sum.decisions(server: 1, .allow) == 2)
        #expect(sum.decisions(server: 2, .denied) == 1)
        #expect(sum.requests(server: 2, .refused) == 1)
        #expect(sum.responses(statusClass: 4) == 1)
        #expect(sum.upstreamErrors(.silent) == 1)
        #expect([sum.tokenCacheHits, sum.tokenCacheMisses] == [1, 1])
        #expect([sum.bytesIn, sum.bytesOut] == [3, 4])
        #expect(sum.gauge(.streams) == 1)
        #expect(sum.latency.sumMicroseconds == 9)
    }
}
