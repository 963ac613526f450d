/// Leave for one request, from every counter that counts it; to be handed back exactly once, when
/// the request has ended.
package struct AdmissionPermit: Sendable {
    /// A counter, and by which limits it counts the request.
    struct Claim: Sendable {
        let counter: AdmissionCounter
        let limits: AdmissionLimits

        /// The same without the limit of requests under way; nil where nothing is left.
        var ofRate: Claim? {
            let limits = limits.ofRate
            return limits.isEmpty ? nil : Claim(counter: counter, limits: limits)
        }

        /// How long the request would have to wait, in nanoseconds; 0 if it may come now.
        func wait(at now: UInt64) -> UInt64 { counter.wait(limits, at: now) }
    }

    // Not one list, which would have to be allocated for every request.
    private var principal: Claim?
    private var server: Claim?
    private var tools: [Claim] = []

    /// Takes from all counters, or from none.
    ///
    /// - Throws: which refused.
    init(
        principal: Claim?, server: Claim?, tools: [Claim], at now: UInt64
    ) throws(AdmissionRefusal) {
        if let principal {
            try take(principal, .principal, now)
            self.principal = principal
        }
        if let server {
            try take(server, .server, now)
            self.server = server
        }
        for tool in tools {
            try take(tool, .tool, now)
            self.tools.append(tool)
        }
    }

    /// The request has ended: it is no longer among those under way.
    package func release() {
        if let principal { principal.counter.leave(principal.limits) }
        if let server { server.counter.leave(server.limits) }
        for tool in tools { tool.counter.leave(tool.limits) }
    }

    /// The request did not take place: as if it had never been counted.
    package func giveBack() {
        if let principal { principal.counter.giveBack(principal.limits) }
        if let server { server.counter.giveBack(server.limits) }
        for tool in tools { tool.counter.giveBack(tool.limits) }
    }

    private func take(
        _ claim: Claim, _ limit: ServerAdmission.Limit, _ now: UInt64
    ) throws(AdmissionRefusal) {
        guard let wait = claim.counter.take(claim.limits, at: now) else { return }
        giveBack()
        throw AdmissionRefusal(limit: limit, wait: wait)
    }
}

/// A counter said no.
struct AdmissionRefusal: Error {
    /// Which.
    let limit: ServerAdmission.Limit
    /// How long to wait, in nanoseconds.
    let wait: UInt64
}
