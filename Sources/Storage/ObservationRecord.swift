/// A request of a user and client that was forwarded only because its server is in observe mode, and
/// how often.
package struct ObservationRecord: Sendable, Equatable {
    /// What is observed: requests that are alike in all of this are counted together.
    package struct Key: Sendable, Hashable {
        /// The name of the server.
        package var server: String
        /// The subject of the token.
        package var subject: String
        /// The client of the token.
        package var client: String
        /// The method.
        package var method: String
        /// The tool, prompt or resource; empty for none.
        package var target: String
        /// What would have been decided, in the word of the metrics.
        package var decision: String
        /// The scope that a step-up would have asked for; empty for none.
        package var neededScope: String

        /// Puts a key together.
        package init(
            server: String, subject: String, client: String, method: String, target: String,
            decision: String, neededScope: String
        ) {
            self.server = server
            self.subject = subject
            self.client = client
            self.method = method
            self.target = target
            self.decision = decision
            self.neededScope = neededScope
        }
    }

    /// The most rows that are kept; requests unlike all of them are then not counted any more.
    package static let rowLimit = 50_000
    /// How long a row is kept after its last request, in seconds.
    package static let lifetime: Int64 = 30 * 86_400

    /// What is observed.
    package var key: Key
    /// The pattern of the rule behind the decision; empty for none.
    package var rule: String
    /// How often.
    package var count: Int64
    /// When first, in Unix seconds.
    package var firstAt: Int64
    /// When last, in Unix seconds.
    package var lastAt: Int64

    /// Puts a record together.
    package init(key: Key, rule: String, count: Int64, firstAt: Int64, lastAt: Int64) {
        self.key = key
        self.rule = rule
        self.count = count
        self.firstAt = firstAt
        self.lastAt = lastAt
    }
}
