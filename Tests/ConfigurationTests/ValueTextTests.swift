import Testing

@testable import Configuration

@Suite("Value text") struct ValueTextTests {
    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("30s", .seconds(30)), ("10m", .seconds(600)),
        ("24h", .seconds(86_400)), ("30d", .seconds(2_592_000)), ("0s", .seconds(0)),
    ])
    func `a duration is a whole number and a unit`(_ text: String, _ duration: Duration) {
        #expect(ValueText.duration(text) == duration)
    }

    @Test(arguments: [
        "", "s", "30", "30 s", " 30s", "30s ", "+30s", "-30s", "030s", "1.5h", "1h30m", "30S",
        "30sec", "3_0s", "٣s", "999999999999999999d", "9999999999999999999s", "1ms0",
    ])
    func `anything else is no duration`(_ text: String) {
        #expect(ValueText.duration(text) == nil)
    }

    @Test(arguments: [
        ("1B", 1), ("0B", 0), ("64KiB", 65_536), ("4MiB", 4_194_304), ("1GiB", 1_073_741_824),
    ])
    func `a size is a whole number and a unit`(_ text: String, _ size: Int) {
        #expect(ValueText.size(text) == size)
    }

    @Test(arguments: [
        "", "B", "64", "64KB", "64kib", "64 KiB", "4M", "-1B", "01B", "1.5MiB", "0x10B",
        "999999999999999999GiB",
    ])
    func `anything else is no size`(_ text: String) {
        #expect(ValueText.size(text) == nil)
    }

    @Test(arguments: [
        ("30/min", RequestRate(count: 30, per: .minute)), ("5/s", .init(count: 5, per: .second)),
        ("1000/h", .init(count: 1000, per: .hour)),
    ])
    func `a rate is a whole number in a span of time`(_ text: String, _ rate: RequestRate) {
        #expect(ValueText.rate(text) == rate)
        #expect(rate.description == text)
    }

    @Test(arguments: [
        "", "30", "30/", "/min", "0/min", "30/m", "30/minute", "30 / min", "30/min/s", "-1/s",
        "1.5/s",
    ])
    func `anything else is no rate`(_ text: String) {
        #expect(ValueText.rate(text) == nil)
    }

    @Test(arguments: [
        "500ms", "30s", "10m", "24h", "30d", "90s", "36h", "1500ms", "0s",
    ])
    func `a duration is shown as it would be written`(_ text: String) {
        let shown = ValueText.duration(text).map { ValueText.text($0) }
        let expected = ["24h": "1d", "36h": "36h"][text] ?? text
        #expect(shown == expected)
    }

    @Test(arguments: ["1B", "1023B", "64KiB", "4MiB", "1GiB", "1537KiB"])
    func `a size is shown as it would be written`(_ text: String) {
        #expect(ValueText.size(text).map { ValueText.text(bytes: $0) } == text)
    }

    @Test(arguments: [
        ("", "", 0), ("a", "", 1), ("upsteam", "upstream", 1), ("pulbic_url", "public_url", 1),
        ("listn", "listen", 1), ("kitten", "sitting", 3),
    ])
    func `the distance of two words counts edits and swaps`(
        _ first: String, _ second: String, _ steps: Int
    ) {
        #expect(EditDistance.steps(from: first, to: second) == steps)
        #expect(EditDistance.steps(from: first, to: second, atMost: steps) == steps)
        #expect(EditDistance.steps(from: first, to: second, atMost: steps - 1) == nil)
    }

    @Test(arguments: [
        ("ab", "ba", "ba"), ("lisetn", "listen", "listen"), ("Listen", "listen", "listen"),
        ("servrs", "servers", "servers"), ("portal", "listen", nil), ("x", "listen", nil),
    ])
    func `the nearest word is one that was probably meant`(
        _ word: String, _ other: String, _ nearest: String?
    ) {
        #expect(EditDistance.nearest(to: word, among: ["something", other]) == nearest)
    }
}
