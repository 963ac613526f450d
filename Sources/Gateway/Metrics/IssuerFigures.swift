/// What became of fetching the keys of one foreign issuer.
package struct IssuerFigures: Sendable, Equatable {
    /// The issuer.
    package let issuer: String
    /// Whether its keys were ever got.
    package let isKnown: Bool
    /// Fetches that gave keys.
    package let successes: Int
    /// Fetches that did not.
    package let failures: Int

    /// Figures.
    package init(issuer: String, isKnown: Bool, successes: Int, failures: Int) {
        self.issuer = issuer
        self.isKnown = isKnown
        self.successes = successes
        self.failures = failures
    }
}

extension PrometheusText {
    /// Writes the families about issuers; none where no keys are fetched.
    mutating func append(_ issuers: [IssuerFigures]) {
        guard !issuers.isEmpty else { return }
        family(
            "gatehouse_issuer_keys_known", .gauge,
            "1 once the keys of a foreign issuer were fetched, else 0.")
        for figures in issuers {
            sample(
                "gatehouse_issuer_keys_known", [("issuer", figures.issuer)],
                value: figures.isKnown ? 1 : 0)
        }
        family(
            "gatehouse_issuer_key_fetches_total", .counter,
            "Fetches of the keys of foreign issuers, by result.")
        for figures in issuers {
            for (result, count) in [
                ("keys", figures.successes), ("failure", figures.failures),
            ] {
                sample(
                    "gatehouse_issuer_key_fetches_total",
                    [("issuer", figures.issuer), ("result", result)], value: count)
            }
        }
    }
}
