import ResourceServer
import Transport

/// How often it is looked whether keys of foreign issuers are old, in nanoseconds.
private let refreshInterval: UInt64 = 5_000_000_000

extension Controller {
    /// Fetches the keys of foreign issuers, now and whenever they are old.
    func startFetchingKeys() {
        fetchOldKeys()
        issuerTimer = LoopTimer(context, every: refreshInterval) { [unowned self] in
            fetchOldKeys()
        }
    }

    private func fetchOldKeys() {
        for issuer in parts.issuing.issuers.all {
            guard let keys = issuer.keys, keys.beginRefresh() else { continue }
            let fetching: @Sendable () async -> Void = { await issuer.fetchKeys(for: nil) }
            Task(executorPreference: context.loop, operation: fetching)
        }
    }

    /// What became of fetching keys, one for each issuer.
    var issuerFigures: [IssuerFigures] {
        var figures: [IssuerFigures] = []
        for issuer in parts.issuing.issuers.all {
            guard let keys = issuer.keys, !figures.contains(where: { $0.issuer == issuer.issuer })
            else { continue }
            let (successes, failures) = keys.fetches
            figures.append(
                IssuerFigures(
                    issuer: issuer.issuer, isKnown: keys.isKnown, successes: successes,
                    failures: failures))
        }
        return figures
    }
}
