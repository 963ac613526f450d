/// A number of requests in a span of time, as in `600/min`.
package struct RequestRate: Sendable, Hashable, CustomStringConvertible {
    /// The span of time that a rate counts in.
    package enum Period: String, Sendable, CaseIterable {
        /// One second.
        case second = "s"
        /// Sixty seconds.
        case minute = "min"
        /// 3,600 seconds.
        case hour = "h"

        /// The length of the span.
        package var duration: Duration {
            switch self {
            case .second: .seconds(1)
            case .minute: .seconds(60)
            case .hour: .seconds(3600)
            }
        }
    }

    /// How many requests, at least one.
    package var count: Int
    /// In which span of time.
    package var period: Period

    /// A rate of so many requests in a span of time.
    package init(count: Int, per period: Period) {
        self.count = count
        self.period = period
    }

    /// The rate in requests a minute, rounded down but never to none.
    package var countPerMinute: Int {
        switch period {
        case .second: count.multipliedReportingOverflow(by: 60).overflow ? .max : count * 60
        case .minute: count
        case .hour: max(1, count / 60)
        }
    }

    /// The rate as it is written in the file: `600/min`.
    package var description: String { "\(count)/\(period.rawValue)" }
}
