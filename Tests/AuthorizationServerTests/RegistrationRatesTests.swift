import AuthorizationServer
import Testing

@Suite struct RegistrationRatesTests {
    static let start: Int64 = 1_790_000_000_000

    private func network(_ address: String) -> ClientNetwork {
        ClientNetwork(ofAddress: address)
    }

    @Test func `a minute's worth is taken at once, then evenly`() {
        let rates = RegistrationRates(perMinute: 30, totalPerMinute: 1000)
        let ann = network("192.0.2.1")
        for _ in 0..<30 { #expect(rates.take(ann, atMilliseconds: Self.start) == nil) }
        #expect(rates.take(ann, atMilliseconds: Self.start) == 2)
        #expect(rates.take(ann, atMilliseconds: Self.start + 1001) == 1)
        #expect(rates.take(ann, atMilliseconds: Self.start + 2000) == nil)
        #expect(rates.take(ann, atMilliseconds: Self.start + 2000) == 2)
        for _ in 0..<30 { #expect(rates.take(ann, atMilliseconds: Self.start + 62_000) == nil) }
        #expect(rates.take(ann, atMilliseconds: Self.start + 62_000) == 2)
    }

    @Test func `all together have a rate of their own, and what is refused costs nothing`() {
        let rates = RegistrationRates(perMinute: 30, totalPerMinute: 60)
        for _ in 0..<1000 { _ = rates.take(network("192.0.2.1"), atMilliseconds: Self.start) }
        for _ in 0..<30 {
            #expect(rates.take(network("192.0.2.2"), atMilliseconds: Self.start) == nil)
        }
        #expect(rates.take(network("192.0.2.3"), atMilliseconds: Self.start) == 1)
        #expect(rates.take(network("192.0.2.3"), atMilliseconds: Self.start + 1000) == nil)
    }

    @Test func `a clock that is set back keeps nobody waiting for more than a minute`() {
        let rates = RegistrationRates(perMinute: 1, totalPerMinute: 1000)
        let ann = network("192.0.2.1")
        #expect(rates.take(ann, atMilliseconds: Self.start) == nil)
        let wait = rates.take(ann, atMilliseconds: Self.start - 86_400_000)
        #expect(wait == 60)
    }

    @Test(arguments: [0, -1, .min]) func `a rate of nothing refuses everything`(rate: Int) {
        let rates = RegistrationRates(perMinute: rate, totalPerMinute: 1000)
        #expect(rates.take(network("192.0.2.1"), atMilliseconds: Self.start) == 60)
    }

    @Test func `the table of networks is bounded, and the latest are remembered`() {
        let rates = RegistrationRates(perMinute: 1, totalPerMinute: .max)
        for count in 0..<200_000 {
            let address = "10.\(count >> 16).\(count >> 8 & 255).\(count & 255)"
            #expect(rates.take(network(address), atMilliseconds: Self.start + Int64(count)) == nil)
        }
        #expect(rates.keyCount <= RegistrationRates.keyLimit)
        #expect(rates.keyCount >= RegistrationRates.keyLimit / 2)
        #expect(rates.take(network("10.3.13.63"), atMilliseconds: Self.start + 200_000) != nil)
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false),
        ("2001:db8::1", "2001:db8::ffff:1:2:3", true),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", false),
        ("::ffff:192.0.2.1", "192.0.2.1", true),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", false), ("fe80::1%eth0", "fe80::1", true),
        ("", "nonsense", true), ("192.0.2.1", "nonsense", false), ("::", "nonsense", false),
        ("::", "0.0.0.0", false),
    ])
    func `IPv4 counts by address, IPv6 by its first 64 bits`(
        first: String, second: String, isSame: Bool
    ) {
        #expect((network(first) == network(second)) == isSame)
    }
}
