import Foundation
import ResourceServer
import Testing

@testable import Gateway

@Suite("Prometheus text") struct PrometheusTextTests {
    @Test func `the document is the expected text`() {
        var labels = ServerLabels()
        let tickets = labels.index(of: "tickets")
        let metrics = LoopMetrics(servers: labels)
        metrics.countRequest(
            server: tickets, outcome: .forwarded, status: 200, bytesIn: 290, bytesOut: 512,
            durationMicroseconds: 1000)
        metrics.countRequest(
            server: ServerLabels.none, outcome: .refused, status: 404, bytesIn: 0, bytesOut: 2,
            durationMicroseconds: 61_000_000)
        metrics.count(Ruling(.allow), server: tickets)
        metrics.count(.unreachable)
        metrics.countTokenLookup(hit: true)
        metrics.increase(.clientConnections)
        for _ in 0..<3 { metrics.increase(.upstreamConnections) }
        metrics.increase(.idleUpstreamConnections)
        var logs = LogSinkStatistics()
        logs.droppedLines = 4
        let text = PrometheusText.document(
            metrics.snapshot(),
            process: ProcessFigures(
                startTimeMilliseconds: 951_782_400_120, processorMicroseconds: 1_500_000,
                residentBytes: 16_777_216, openDescriptors: 12, descriptorLimit: 1024),
            logs: [logs, logs], version: "0.1.0")
        #expect(String(decoding: text.bytes, as: UTF8.self) == Self.document)
    }

    @Test func `a label's value is escaped`() {
        var text = PrometheusText()
        text.sample("m", [("a", "x\"y\\z\nw"), ("b", "é{},=")], value: -7)
        #expect(
            String(decoding: text.bytes, as: UTF8.self)
                == "m{a=\"x\\\"y\\\\z\\nw\",b=\"é{},=\"} -7\n")
    }

    @Test(
        arguments: [
            (0, "0"), (1, "0.000001"), (500, "0.0005"), (100_000, "0.1"), (999_999, "0.999999"),
            (1_000_000, "1"), (2_500_000, "2.5"), (60_000_000, "60"),
            (UInt64.max, "18446744073709.551615"),
        ] as [(UInt64, String)])
    func `microseconds are seconds, exactly`(_ microseconds: UInt64, _ seconds: String) {
        #expect(PrometheusText.seconds(microseconds) == seconds)
    }

    @Test func `every family is announced once and before its samples`() {
        let text = PrometheusText.document(
            MetricsSnapshot(), process: ProcessFigures(startTimeMilliseconds: 0), logs: [],
            version: "0")
        var announced: Set<Substring> = []
        for line in String(decoding: text.bytes, as: UTF8.self).split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                #expect(announced.insert(line.split(separator: " ")[2]).inserted)
            } else if !line.hasPrefix("#") {
                let name = line.prefix { $0 != "{" && $0 != " " }
                #expect(announced.contains { name.hasPrefix($0) }, "\(line)")
            }
        }
        #expect(announced.count > 15)
    }

    @Test func `no two kinds share a label`() {
        #expect(Set(DecisionKind.allCases.map { "\($0.label)" }).count == 9)
        #expect(Set(UpstreamErrorKind.allCases.map { "\($0.label)" }).count == 6)
        #expect(Set(RequestOutcome.allCases.map { "\($0.label)" }).count == 3)
    }
}

extension PrometheusTextTests {
    fileprivate static let document = """
        # HELP gatehouse_requests_total Requests that are over, by server and outcome.
        # TYPE gatehouse_requests_total counter
        gatehouse_requests_total{server="",outcome="forwarded"} 0
        gatehouse_requests_total{server="",outcome="refused"} 1
        gatehouse_requests_total{server="",outcome="answered"} 0
        gatehouse_requests_total{server="tickets",outcome="forwarded"} 1
        gatehouse_requests_total{server="tickets",outcome="refused"} 0
        gatehouse_requests_total{server="tickets",outcome="answered"} 0
        # HELP gatehouse_responses_total Responses by class of status.
        # TYPE gatehouse_responses_total counter
        gatehouse_responses_total{class="none"} 0
        gatehouse_responses_total{class="1xx"} 0
        gatehouse_responses_total{class="2xx"} 1
        gatehouse_responses_total{class="3xx"} 0
        gatehouse_responses_total{class="4xx"} 1
        gatehouse_responses_total{class="5xx"} 0
        # HELP gatehouse_request_duration_seconds How long requests took.
        # TYPE gatehouse_request_duration_seconds histogram
        gatehouse_request_duration_seconds_bucket{le="0.0005"} 0
        gatehouse_request_duration_seconds_bucket{le="0.001"} 1
        gatehouse_request_duration_seconds_bucket{le="0.0025"} 1
        gatehouse_request_duration_seconds_bucket{le="0.005"} 1
        gatehouse_request_duration_seconds_bucket{le="0.01"} 1
        gatehouse_request_duration_seconds_bucket{le="0.025"} 1
        gatehouse_request_duration_seconds_bucket{le="0.05"} 1
        gatehouse_request_duration_seconds_bucket{le="0.1"} 1
        gatehouse_request_duration_seconds_bucket{le="0.25"} 1
        gatehouse_request_duration_seconds_bucket{le="0.5"} 1
        gatehouse_request_duration_seconds_bucket{le="1"} 1
        gatehouse_request_duration_seconds_bucket{le="2.5"} 1
        gatehouse_request_duration_seconds_bucket{le="5"} 1
        gatehouse_request_duration_seconds_bucket{le="10"} 1
        gatehouse_request_duration_seconds_bucket{le="30"} 1
        gatehouse_request_duration_seconds_bucket{le="60"} 1
        gatehouse_request_duration_seconds_bucket{le="+Inf"} 2
        gatehouse_request_duration_seconds_sum 61.001
        gatehouse_request_duration_seconds_count 2
        # HELP gatehouse_decisions_total Decisions on requests, by server and kind.
        # TYPE gatehouse_decisions_total counter
        gatehouse_decisions_total{server="",decision="allow"} 0
        gatehouse_decisions_total{server="",decision="step_up"} 0
        gatehouse_decisions_total{server="",decision="unknown"} 0
        gatehouse_decisions_total{server="",decision="unknown_method"} 0
        gatehouse_decisions_total{server="",decision="denied"} 0
        gatehouse_decisions_total{server="",decision="malformed"} 0
        gatehouse_decisions_total{server="",decision="unauthenticated"} 0
        gatehouse_decisions_total{server="",decision="foreign_origin"} 0
        gatehouse_decisions_total{server="",decision="overloaded"} 0
        gatehouse_decisions_total{server="tickets",decision="allow"} 1
        gatehouse_decisions_total{server="tickets",decision="step_up"} 0
        gatehouse_decisions_total{server="tickets",decision="unknown"} 0
        gatehouse_decisions_total{server="tickets",decision="unknown_method"} 0
        gatehouse_decisions_total{server="tickets",decision="denied"} 0
        gatehouse_decisions_total{server="tickets",decision="malformed"} 0
        gatehouse_decisions_total{server="tickets",decision="unauthenticated"} 0
        gatehouse_decisions_total{server="tickets",decision="foreign_origin"} 0
        gatehouse_decisions_total{server="tickets",decision="overloaded"} 0
        # HELP gatehouse_observed_total Requests that were forwarded only because the server is in observe mode.
        # TYPE gatehouse_observed_total counter
        gatehouse_observed_total{server="",decision="step_up"} 0
        gatehouse_observed_total{server="",decision="unknown"} 0
        gatehouse_observed_total{server="",decision="denied"} 0
        gatehouse_observed_total{server="tickets",decision="step_up"} 0
        gatehouse_observed_total{server="tickets",decision="unknown"} 0
        gatehouse_observed_total{server="tickets",decision="denied"} 0
        # HELP gatehouse_request_bytes_total Bytes of content received from clients.
        # TYPE gatehouse_request_bytes_total counter
        gatehouse_request_bytes_total 290
        # HELP gatehouse_response_bytes_total Bytes of content sent to clients.
        # TYPE gatehouse_response_bytes_total counter
        gatehouse_response_bytes_total 514
        # HELP gatehouse_client_connections Open connections of clients.
        # TYPE gatehouse_client_connections gauge
        gatehouse_client_connections 1
        # HELP gatehouse_streams Open event streams to clients.
        # TYPE gatehouse_streams gauge
        gatehouse_streams 0
        # HELP gatehouse_upstream_connections Open connections to upstreams, by state.
        # TYPE gatehouse_upstream_connections gauge
        gatehouse_upstream_connections{state="idle"} 1
        gatehouse_upstream_connections{state="busy"} 2
        # HELP gatehouse_upstream_errors_total Failures of upstreams, by kind.
        # TYPE gatehouse_upstream_errors_total counter
        gatehouse_upstream_errors_total{kind="unreachable"} 1
        gatehouse_upstream_errors_total{kind="silent"} 0
        gatehouse_upstream_errors_total{kind="truncated"} 0
        gatehouse_upstream_errors_total{kind="malformed"} 0
        gatehouse_upstream_errors_total{kind="refused"} 0
        gatehouse_upstream_errors_total{kind="exhausted"} 0
        # HELP gatehouse_token_cache_lookups_total Looks into the cache of verified tokens, by result.
        # TYPE gatehouse_token_cache_lookups_total counter
        gatehouse_token_cache_lookups_total{result="hit"} 1
        gatehouse_token_cache_lookups_total{result="miss"} 0
        # HELP gatehouse_log_lines_dropped_total Log lines that were lost because their destination was slow, full or failing.
        # TYPE gatehouse_log_lines_dropped_total counter
        gatehouse_log_lines_dropped_total 8
        # HELP gatehouse_build_info Always 1; the label names the version.
        # TYPE gatehouse_build_info gauge
        gatehouse_build_info{version="0.1.0"} 1
        # HELP process_start_time_seconds When the process started, in Unix time.
        # TYPE process_start_time_seconds gauge
        process_start_time_seconds 951782400.12
        # HELP process_cpu_seconds_total Time on a processor.
        # TYPE process_cpu_seconds_total counter
        process_cpu_seconds_total 1.5
        # HELP process_resident_memory_bytes Resident memory.
        # TYPE process_resident_memory_bytes gauge
        process_resident_memory_bytes 16777216
        # HELP process_open_fds Open file descriptors.
        # TYPE process_open_fds gauge
        process_open_fds 12
        # HELP process_max_fds The most file descriptors that may be open.
        # TYPE process_max_fds gauge
        process_max_fds 1024

        """
}
