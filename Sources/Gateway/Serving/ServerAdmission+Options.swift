import Configuration
import ResourceServer

extension ServerAdmission {
    /// The limits of a configured server, counted by `table`.
    init(_ options: ServerOptions, of configuration: GatewayConfiguration, table: AdmissionTable) {
        let limits = options.limits
        // A limit of one user and client that is not below that of the whole server says nothing: who
        // meets it meets an overloaded server, not a denial.
        let says = limits.each.concurrentCount ?? .max < configuration.limits.concurrentCount
        self.init(
            server: options.name,
            principal: AdmissionLimits(
                limits.each.requests, concurrent: says ? limits.each.concurrentCount : nil),
            server: AdmissionLimits(limits.together),
            tools: limits.tools.map { tool in
                ToolLimit(
                    pattern: tool.pattern, limits: AdmissionLimits(tool.limits),
                    sharing: tool.isOfEach ? .principal : .server)
            },
            table: table)
    }
}

extension AdmissionLimits {
    /// Limits as the file has them.
    fileprivate init(_ limits: RequestLimits) {
        self.init(limits.requests, concurrent: limits.concurrentCount)
    }

    fileprivate init(_ rate: RequestRate?, concurrent: Int?) {
        guard let rate else {
            self.init(concurrent: concurrent)
            return
        }
        self.init(
            requests: rate.count,
            perSeconds: Int(rate.period.duration.components.seconds), concurrent: concurrent)
    }
}
