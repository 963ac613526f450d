import ResourceServer

// The families that the gateway publishes.
extension PrometheusText {
    /// Writes every family.
    ///
    /// - Parameters:
    ///   - snapshot: The sum of all loops' figures.
    ///   - observing: The servers in observe mode, and when it ends, in Unix seconds.
    ///   - issuers: What became of fetching the keys of foreign issuers.
    ///   - process: The figures of the process.
    ///   - logs: The statistics of all sinks.
    ///   - audit: The statistics of the audit log; nil where there is none.
    ///   - version: The version of the build.
    /// - Returns: The whole text.
    package static func document(
        _ snapshot: MetricsSnapshot, observing: [(server: String, endsAt: Int64)] = [],
        issuers: [IssuerFigures] = [], process: ProcessFigures, logs: [LogSinkStatistics],
        audit: AuditSinkStatistics? = nil,
        version: String
    ) -> PrometheusText {
        var text = PrometheusText()
        text.appendRequests(snapshot)
        text.appendDecisions(snapshot)
        text.appendObserved(snapshot, observing)
        text.appendTraffic(snapshot)
        text.appendConnections(snapshot)
        text.appendUpstreamErrors(snapshot)
        text.appendTokenCache(snapshot)
        text.append(issuers)
        text.appendLogs(logs)
        if let audit { text.append(audit) }
        text.append(process, version: version)
        return text
    }

    private mutating func appendRequests(_ snapshot: MetricsSnapshot) {
        family(
            "gatehouse_requests_total", .counter, "Requests that are over, by server and outcome.")
        for (index, name) in snapshot.servers.names.enumerated() {
            for outcome in RequestOutcome.allCases {
                sample(
                    "gatehouse_requests_total",
                    [("server", name), ("outcome", "\(outcome.label)")],
                    value: snapshot.requests(server: index, outcome))
            }
        }
        family("gatehouse_responses_total", .counter, "Responses by class of status.")
        for statusClass in 0...5 {
            sample(
                "gatehouse_responses_total",
                [("class", statusClass == 0 ? "none" : "\(statusClass)xx")],
                value: snapshot.responses(statusClass: statusClass))
        }
        family("gatehouse_request_duration_seconds", .histogram, "How long requests took.")
        samples("gatehouse_request_duration_seconds", snapshot.latency)
    }

    private mutating func appendDecisions(_ snapshot: MetricsSnapshot) {
        family("gatehouse_decisions_total", .counter, "Decisions on requests, by server and kind.")
        for (index, name) in snapshot.servers.names.enumerated() {
            for kind in DecisionKind.allCases {
                sample(
                    "gatehouse_decisions_total",
                    [("server", name), ("decision", "\(kind.label)")],
                    value: snapshot.decisions(server: index, kind))
            }
        }
    }

    private mutating func appendObserved(
        _ snapshot: MetricsSnapshot, _ observing: [(server: String, endsAt: Int64)]
    ) {
        if !observing.isEmpty {
            family(
                "gatehouse_observe_end_seconds", .gauge,
                "When observe mode of a server ends, in Unix time.")
            for (server, endsAt) in observing {
                sample(
                    "gatehouse_observe_end_seconds", [("server", server)], value: Int(endsAt))
            }
        }
        family(
            "gatehouse_observed_total", .counter,
            "Requests that were forwarded only because the server is in observe mode.")
        for (index, name) in snapshot.servers.names.enumerated() {
            for kind in [DecisionKind.stepUp, .unknown, .denied] {
                sample(
                    "gatehouse_observed_total",
                    [("server", name), ("decision", "\(kind.label)")],
                    value: snapshot.observed(server: index, kind))
            }
        }
    }

    private mutating func appendTraffic(_ snapshot: MetricsSnapshot) {
        family(
            "gatehouse_request_bytes_total", .counter, "Bytes of content received from clients.")
        sample("gatehouse_request_bytes_total", value: snapshot.bytesIn)
        family("gatehouse_response_bytes_total", .counter, "Bytes of content sent to clients.")
        sample("gatehouse_response_bytes_total", value: snapshot.bytesOut)
    }

    private mutating func appendConnections(_ snapshot: MetricsSnapshot) {
        family("gatehouse_client_connections", .gauge, "Open connections of clients.")
        sample("gatehouse_client_connections", value: snapshot.gauge(.clientConnections))
        family("gatehouse_streams", .gauge, "Open event streams to clients.")
        sample("gatehouse_streams", value: snapshot.gauge(.streams))
        family("gatehouse_upstream_connections", .gauge, "Open connections to upstreams, by state.")
        let idle = snapshot.gauge(.idleUpstreamConnections)
        sample("gatehouse_upstream_connections", [("state", "idle")], value: idle)
        sample(
            "gatehouse_upstream_connections", [("state", "busy")],
            value: snapshot.gauge(.upstreamConnections) - idle)
    }

    private mutating func appendUpstreamErrors(_ snapshot: MetricsSnapshot) {
        family("gatehouse_upstream_errors_total", .counter, "Failures of upstreams, by kind.")
        for kind in UpstreamErrorKind.allCases {
            sample(
                "gatehouse_upstream_errors_total", [("kind", "\(kind.label)")],
                value: snapshot.upstreamErrors(kind))
        }
    }

    private mutating func appendTokenCache(_ snapshot: MetricsSnapshot) {
        family(
            "gatehouse_token_cache_lookups_total", .counter,
            "Looks into the cache of verified tokens, by result.")
        sample(
            "gatehouse_token_cache_lookups_total", [("result", "hit")],
            value: snapshot.tokenCacheHits)
        sample(
            "gatehouse_token_cache_lookups_total", [("result", "miss")],
            value: snapshot.tokenCacheMisses)
    }

    private mutating func appendLogs(_ logs: [LogSinkStatistics]) {
        family(
            "gatehouse_log_lines_dropped_total", .counter,
            "Log lines that were lost because their destination was slow, full or failing.")
        sample(
            "gatehouse_log_lines_dropped_total",
            value: logs.reduce(0) { $0 + $1.droppedLines })
    }

    private mutating func append(_ audit: AuditSinkStatistics) {
        family("gatehouse_audit_lines_total", .counter, "Lines of the audit log that were written.")
        sample("gatehouse_audit_lines_total", value: audit.lines)
        family(
            "gatehouse_audit_blocks_total", .counter, "Blocks of the audit log that were written.")
        sample("gatehouse_audit_blocks_total", value: audit.blocks)
        family(
            "gatehouse_audit_failing", .gauge, "1 while the audit log cannot be written, else 0.")
        sample("gatehouse_audit_failing", value: audit.isFailing ? 1 : 0)
        family(
            "gatehouse_audit_lines_lost_total", .counter,
            "Lines that are missing from the audit log, since it could not be written.")
        sample("gatehouse_audit_lines_lost_total", value: audit.lostLines)
        family(
            "gatehouse_audit_refusals_total", .counter,
            "Requests that were refused since the audit log could not be written.")
        sample("gatehouse_audit_refusals_total", value: audit.refusals)
    }

    private mutating func append(_ process: ProcessFigures, version: String) {
        family("gatehouse_build_info", .gauge, "Always 1; the label names the version.")
        sample("gatehouse_build_info", [("version", version)], value: 1)
        family(
            "process_start_time_seconds", .gauge, "When the process started, in Unix time.")
        sample(
            "process_start_time_seconds",
            microseconds: UInt64(max(process.startTimeMilliseconds, 0)) * 1000)
        family("process_cpu_seconds_total", .counter, "Time on a processor.")
        sample("process_cpu_seconds_total", microseconds: process.processorMicroseconds)
        family("process_resident_memory_bytes", .gauge, "Resident memory.")
        sample("process_resident_memory_bytes", value: process.residentBytes)
        family("process_open_fds", .gauge, "Open file descriptors.")
        sample("process_open_fds", value: process.openDescriptors)
        if let limit = process.descriptorLimit {
            family("process_max_fds", .gauge, "The most file descriptors that may be open.")
            sample("process_max_fds", value: limit)
        }
    }
}
