internal import Glibc

/// Writes times as RFC 3339 §5.6 has them, in UTC with milliseconds: `2026-07-28T09:05:00.120Z`.
///
/// The part up to the second is formatted once per second and kept.
package struct LogTimestamp: Sendable {
    private var second: Int64 = .min
    private var prefix: [UInt8] = []

    /// How many bytes a time takes.
    static let length = 24

    /// A writer that has formatted nothing yet.
    package init() {}

    /// Appends the time that lies `timeMilliseconds` after 1970-01-01T00:00:00Z.
    ///
    /// RFC 3339 §5.6 has four digits for the year; a time outside 0000…9999 is the nearest it can say.
    package mutating func append(timeMilliseconds: Int64, to line: inout [UInt8]) {
        line.append(addingCapacity: Self.length) {
            append(timeMilliseconds: timeMilliseconds, to: &$0)
        }
    }

    /// Appends the same where there is room for ``length`` bytes.
    mutating func append(timeMilliseconds: Int64, to line: inout OutputSpan<UInt8>) {
        let time = min(max(timeMilliseconds, Self.earliest), Self.latest)
        let second = time.floorDivided(by: 1000)
        if second != self.second {
            self.second = second
            prefix.removeAll(keepingCapacity: true)
            prefix.append(addingCapacity: Self.length) { Self.append(second: second, to: &$0) }
        }
        line.append(copying: prefix)
        Self.append(Int(time - second * 1000), digits: 3, to: &line)
        line.append(UInt8(ascii: "Z"))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z, read from the system's clock.
    package static func now() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// 0000-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z.
    private static let earliest: Int64 = -62_167_219_200_000
    private static let latest: Int64 = 253_402_300_799_999

    private static func append(second: Int64, to line: inout OutputSpan<UInt8>) {
        let day = second.floorDivided(by: 86_400)
        let secondOfDay = Int(second - day * 86_400)
        let date = civilDate(day: day)
        append(date.year, digits: 4, to: &line)
        line.append(UInt8(ascii: "-"))
        append(date.month, digits: 2, to: &line)
        line.append(UInt8(ascii: "-"))
        append(date.day, digits: 2, to: &line)
        line.append(UInt8(ascii: "T"))
        append(secondOfDay / 3600, digits: 2, to: &line)
        line.append(UInt8(ascii: ":"))
        append(secondOfDay / 60 % 60, digits: 2, to: &line)
        line.append(UInt8(ascii: ":"))
        append(secondOfDay % 60, digits: 2, to: &line)
        line.append(UInt8(ascii: "."))
    }

    /// The date of the proleptic Gregorian calendar, `day` days after 1970-01-01.
    ///
    /// Years are counted from 1 March, so that the leap day is the last day of its year; 400 years
    /// have 146,097 days.
    private static func civilDate(day: Int64) -> (year: Int, month: Int, day: Int) {
        let sinceMarch0000 = day + 719_468
        let era = sinceMarch0000.floorDivided(by: 146_097)
        let dayOfEra = Int(sinceMarch0000 - era * 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = Int(era) * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    private static func append(_ value: Int, digits: Int, to line: inout OutputSpan<UInt8>) {
        var rest = UInt(value)
        line.appendBackwards(count: digits) {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            rest = quotient
            return UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
        }
    }
}

extension Int64 {
    fileprivate func floorDivided(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
