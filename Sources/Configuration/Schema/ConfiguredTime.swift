/// A moment as the file writes it: RFC 3339 §5.6 in UTC without fractions, or a date, which is its
/// first moment.
enum ConfiguredTime {
    /// The Unix seconds of the text; nil for anything else.
    static func parse(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 10 || bytes.count == 20 else { return nil }
        guard let year = number(bytes[0..<4]), bytes[4] == UInt8(ascii: "-"),
            let month = number(bytes[5..<7]), bytes[7] == UInt8(ascii: "-"),
            let day = number(bytes[8..<10]), (1...12).contains(month),
            (1...days(in: month, of: year)).contains(day)
        else { return nil }
        let start = daysSince1970(year, month, day) * 86_400
        guard bytes.count == 20 else { return start }
        guard bytes[10] == UInt8(ascii: "T"), let hour = number(bytes[11..<13]),
            bytes[13] == UInt8(ascii: ":"), let minute = number(bytes[14..<16]),
            bytes[16] == UInt8(ascii: ":"), let second = number(bytes[17..<19]),
            bytes[19] == UInt8(ascii: "Z"), hour < 24, minute < 60, second < 60
        else { return nil }
        return start + hour * 3600 + minute * 60 + second
    }

    /// The digits as a number; nil where one is no digit.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        var result: Int64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            result = result * 10 + Int64(digit - 0x30)
        }
        return result
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970 in the Gregorian calendar; years are counted from March, so that the leap day
    /// is the last of its year.
    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }
}
