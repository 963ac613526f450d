/// Text in the exposition format of Prometheus, version 0.0.4.
///
/// Families are written whole: help and type, then the samples.
package struct PrometheusText: Sendable {
    /// The text so far, in UTF-8.
    package private(set) var bytes: [UInt8] = []

    /// The media type of the text.
    package static let mediaType: StaticString = "text/plain; version=0.0.4; charset=utf-8"

    /// The types of families that are written.
    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    /// One label of a sample.
    typealias Label = (name: StaticString, value: String)

    /// A text without families.
    package init() {}

    /// Begins a family; its samples follow.
    ///
    /// `help` is text of ours without backslash and line feed.
    mutating func family(_ name: StaticString, _ kind: Kind, _ help: StaticString) {
        append("# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n")
    }

    /// One sample with an integral value.
    mutating func sample(
        _ name: StaticString, _ labels: [Label] = [], value: some BinaryInteger
    ) {
        append("\(name)")
        append(labels)
        append(" \(value)\n")
    }

    /// One sample in seconds.
    mutating func sample(_ name: StaticString, microseconds: UInt64) {
        append("\(name) \(Self.seconds(microseconds))\n")
    }

    /// The samples of a histogram of seconds: cumulative buckets in the order of their edges, sum and
    /// count.
    mutating func samples(_ name: StaticString, _ histogram: LatencyHistogram) {
        var cumulative: UInt64 = 0
        for (edge, count) in zip(LatencyHistogram.edgesMicroseconds, histogram.counts) {
            cumulative += count
            append("\(name)_bucket{le=\"\(Self.seconds(edge))\"} \(cumulative)\n")
        }
        append("\(name)_bucket{le=\"+Inf\"} \(histogram.count)\n")
        append("\(name)_sum \(Self.seconds(histogram.sumMicroseconds))\n")
        append("\(name)_count \(histogram.count)\n")
    }

    private mutating func append(_ labels: [Label]) {
        guard !labels.isEmpty else { return }
        for (index, label) in labels.enumerated() {
            append(index == 0 ? "{" : ",")
            append("\(label.name)=\"")
            append(escaped: label.value)
            append("\"")
        }
        append("}")
    }

    /// A label's value escapes backslash, quote and line feed.
    private mutating func append(escaped value: String) {
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): append("\\\\")
            case UInt8(ascii: "\""): append("\\\"")
            case UInt8(ascii: "\n"): append("\\n")
            default: bytes.append(byte)
            }
        }
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    /// Microseconds as a decimal number of seconds, exactly.
    static func seconds(_ microseconds: UInt64) -> String {
        let (whole, fraction) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        guard fraction > 0 else { return "\(whole)" }
        var digits = String(fraction)
        digits = String(repeating: "0", count: 6 - digits.utf8.count) + digits
        while digits.utf8.last == UInt8(ascii: "0") { digits.removeLast() }
        return "\(whole).\(digits)"
    }
}
