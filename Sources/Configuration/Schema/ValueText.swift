/// The spelling of numbers, durations, sizes and rates.
///
/// Digits have no sign, no leading zero and no separators; a unit follows at once. One value has one number.
package enum ValueText {
    /// A whole number, or nil where the text is none or too large.
    static func count(_ text: some StringProtocol) -> Int? {
        let digits = text.utf8
        guard let first = digits.first, digits.count <= 18,
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            digits.count == 1 || first != UInt8(ascii: "0")
        else { return nil }
        return Int(text)
    }

    /// A duration: a whole number with one of `ms`, `s`, `m`, `h`, `d`.
    package static func duration(_ text: String) -> Duration? {
        for (unit, milliseconds) in durationUnits where text.hasSuffix(unit) {
            guard let count = count(text.dropLast(unit.count)) else { continue }
            let (total, overflow) = count.multipliedReportingOverflow(by: milliseconds)
            return overflow ? nil : .milliseconds(total)
        }
        return nil
    }

    /// A size in bytes: a whole number with one of `B`, `KiB`, `MiB`, `GiB`.
    static func size(_ text: String) -> Int? {
        for (unit, bytes) in sizeUnits where text.hasSuffix(unit) {
            guard let count = count(text.dropLast(unit.count)) else { continue }
            let (total, overflow) = count.multipliedReportingOverflow(by: bytes)
            return overflow ? nil : total
        }
        return nil
    }

    /// A rate: a whole number above zero, then `/s`, `/min` or `/h`.
    static func rate(_ text: String) -> RequestRate? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = count(parts[0]), count > 0,
            let period = RequestRate.Period(rawValue: String(parts[1]))
        else { return nil }
        return RequestRate(count: count, per: period)
    }

    /// A duration in the largest unit that says it exactly.
    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let total = Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
        for (unit, milliseconds) in durationUnits.reversed()
        where total >= milliseconds && total % milliseconds == 0 {
            return "\(total / milliseconds)\(unit)"
        }
        return total == 0 ? "0s" : "\(total)ms"
    }

    /// A size in the largest unit that says it exactly.
    static func text(bytes: Int) -> String {
        for (unit, size) in sizeUnits.reversed() where bytes >= size && bytes % size == 0 {
            return "\(bytes / size)\(unit)"
        }
        return "\(bytes)B"
    }

    /// Smallest first; `s` comes after `ms`, whose ending it is, and is then no number before its unit.
    private static let durationUnits = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]
    /// Smallest first; `B` is the ending of the others, which are then no number before their unit.
    private static let sizeUnits = [
        ("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30),
    ]
}
