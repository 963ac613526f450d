import Foundation
import Testing

@testable import Gateway

@Suite("Log timestamps") struct LogTimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            // RFC 3339 §5.8, in UTC.
            (482_196_050_520, "1985-04-12T23:20:50.520Z"),
            (-1_041_337_172_130, "1937-01-01T11:40:27.870Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z"),
            (1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
            (1_767_225_599_999, "2025-12-31T23:59:59.999Z"),
            (1_740_787_200_000, "2025-03-01T00:00:00.000Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (-2_203_891_200_001, "1900-02-28T23:59:59.999Z"),
            (-2_203_891_200_000, "1900-03-01T00:00:00.000Z"),
            (13_574_563_200_000, "2400-02-29T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func `a time is written as RFC 3339 has it`(_ time: Int64, _ expected: String) {
        var timestamp = LogTimestamp()
        #expect(timestamp.text(time) == expected)
    }

    @Test func `a year of more than four digits is the nearest that can be written`() {
        var timestamp = LogTimestamp()
        #expect(timestamp.text(.max) == "9999-12-31T23:59:59.999Z")
        #expect(timestamp.text(253_402_300_800_000) == "9999-12-31T23:59:59.999Z")
        #expect(timestamp.text(.min) == "0000-01-01T00:00:00.000Z")
    }

    @Test func `the kept part follows the clock forwards and backwards`() {
        var timestamp = LogTimestamp()
        #expect(timestamp.text(1999) == "1970-01-01T00:00:01.999Z")
        #expect(timestamp.text(1000) == "1970-01-01T00:00:01.000Z")
        #expect(timestamp.text(2000) == "1970-01-01T00:00:02.000Z")
        #expect(timestamp.text(999) == "1970-01-01T00:00:00.999Z")
    }

    @Test func `every day of eight centuries is the calendar's`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        var timestamp = LogTimestamp()
        for day in stride(from: Int64(-100_000), to: 200_000, by: 13) {
            let parts = calendar.dateComponents(
                [.year, .month, .day], from: Date(timeIntervalSince1970: Double(day) * 86_400))
            let expected = String(
                format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
            #expect(timestamp.text(day * 86_400_000).hasPrefix(expected))
        }
    }

    @Test func `the clock is the system's`() {
        let difference = Double(LogTimestamp.now()) / 1000 - Date().timeIntervalSince1970
        #expect(abs(difference) < 60)
    }
}

extension LogTimestamp {
    fileprivate mutating func text(_ time: Int64) -> String {
        var bytes: [UInt8] = []
        append(timeMilliseconds: time, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
