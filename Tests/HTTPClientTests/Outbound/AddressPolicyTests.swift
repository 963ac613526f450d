import HTTP
import Testing
import Transport

@testable import HTTPClient

@Suite struct AddressPolicyTests {
    /// Addresses at both ends of each block, and what the block is for.
    static let special = [
        ("0.0.0.0", "this network"), ("0.255.255.255", "this network"),
        ("10.0.0.0", "private"), ("10.255.255.255", "private"),
        ("100.64.0.0", "shared"), ("100.127.255.255", "shared"), ("100.100.100.200", "shared"),
        ("127.0.0.0", "loopback"), ("127.0.0.1", "loopback"), ("127.255.255.255", "loopback"),
        ("168.63.129.16", "Azure"),
        ("169.254.0.0", "link-local"), ("169.254.169.254", "link-local"),
        ("169.254.255.255", "link-local"),
        ("172.16.0.0", "private"), ("172.31.255.255", "private"),
        ("192.0.0.0", "IETF"), ("192.0.0.192", "IETF"), ("192.0.0.255", "IETF"),
        ("192.0.2.0", "documentation"), ("192.0.2.255", "documentation"),
        ("192.31.196.1", "AS112"), ("192.52.193.1", "AMT"), ("192.88.99.1", "6to4 relays"),
        ("192.168.0.0", "private"), ("192.168.255.255", "private"), ("192.175.48.1", "AS112"),
        ("198.18.0.0", "benchmarking"), ("198.19.255.255", "benchmarking"),
        ("198.51.100.0", "documentation"), ("198.51.100.255", "documentation"),
        ("203.0.113.0", "documentation"), ("203.0.113.255", "documentation"),
        ("224.0.0.0", "multicast"), ("224.0.0.251", "multicast"), ("239.255.255.255", "multicast"),
        ("240.0.0.0", "reserved"), ("255.255.255.254", "reserved"),
        ("255.255.255.255", "broadcast"),
        ("::", "unspecified"), ("::1", "loopback"), ("::2", "IPv4-compatible"),
        ("::127.0.0.1", "IPv4-compatible"), ("::8.8.8.8", "IPv4-compatible"),
        ("::ffff:127.0.0.1", "IPv4-mapped"), ("::ffff:7f00:1", "IPv4-mapped"),
        ("::ffff:8.8.8.8", "IPv4-mapped"), ("::ffff:169.254.169.254", "IPv4-mapped"),
        ("::ffff:0:127.0.0.1", "IPv4-translated"), ("::ffff:0:8.8.8.8", "IPv4-translated"),
        ("64:ff9b::127.0.0.1", "translated: loopback"),
        ("64:ff9b::10.0.0.1", "translated: private"),
        ("64:ff9b::169.254.169.254", "translated: link-local"),
        ("64:ff9b::0.0.0.0", "translated: this network"),
        ("64:ff9b:1::1", "local translation"), ("64:ff9b:1:ffff::8.8.8.8", "local translation"),
        ("64:ff9b:0:1::8.8.8.8", "not a global"), ("64:ff9b:2::1", "not a global"),
        ("100::", "discard"), ("100::ffff:ffff:ffff:ffff", "discard"),
        ("100:0:0:1::1", "dummy"), ("100:0:0:2::1", "not a global"),
        ("200::1", "not a global"), ("1fff:ffff::1", "not a global"), ("4000::1", "not a global"),
        ("2001::1", "Teredo"), ("2001:0:7f00:1::", "Teredo"),
        ("2001:1::1", "IETF"), ("2001:2::1", "benchmarking"), ("2001:3::1", "IETF"),
        ("2001:4:112::1", "IETF"), ("2001:10::1", "ORCHID"), ("2001:1f::1", "ORCHID"),
        ("2001:20::1", "ORCHIDv2"), ("2001:2f::1", "ORCHIDv2"), ("2001:30::1", "drone"),
        ("2001:1ff:ffff::1", "IETF"),
        ("2001:db8::1", "documentation"), ("2001:db8:ffff::1", "documentation"),
        ("2002::1", "6to4"), ("2002:7f00:1::1", "6to4"), ("2002:a9fe:a9fe::", "6to4"),
        ("2620:4f:8000::1", "AS112"), ("3ffe::1", "6bone"),
        ("3fff::1", "documentation"), ("3fff:fff::1", "documentation"),
        ("5f00::1", "segment routing"), ("5fff::1", "not a global"),
        ("fc00::1", "unique local"), ("fd00:ec2::254", "unique local"),
        ("fdff:ffff::1", "unique local"), ("fe00::1", "not a global"),
        ("fe80::1", "link-local"), ("febf::1", "link-local"),
        ("fec0::1", "site-local"), ("feff::1", "site-local"),
        ("ff00::1", "multicast"), ("ff02::1", "multicast"), ("ffff::1", "multicast"),
    ]

    /// Addresses beside the blocks.
    static let ordinary = [
        "1.0.0.0", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.0", "168.63.129.15", "168.63.129.17", "169.253.255.255",
        "169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.0", "192.0.3.0",
        "192.88.98.255", "192.88.100.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
        "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0",
        "223.255.255.255", "2000::1", "2001:200::1", "2001:4860:4860::8888", "2001:db7::1",
        "2001:db9::1", "2003::1", "2606:4700::1111", "2620:4f:8001::1", "2a00::1", "3ffd::1",
        "3fff:1000::1", "64:ff9b::8.8.8.8",
    ]

    private static func address(_ text: String) throws -> SocketAddress {
        try #require(SocketAddress(literal: text, port: 443))
    }

    @Test(arguments: special)
    func `an address that is special may not be reached`(_ text: String, _ use: String) throws {
        let address = try Self.address(text)
        let reason = try #require(AddressPolicy().refusal(of: [address], scheme: .https))
        #expect(reason.contains(use), "\(reason)")
        #expect(AddressPolicy().refusal(of: [address], scheme: .http) != nil)
    }

    @Test(arguments: ordinary)
    func `an address of the Internet may be reached by https alone`(_ text: String) throws {
        let address = try Self.address(text)
        #expect(AddressPolicy().refusal(of: [address], scheme: .https) == nil)
        #expect(AddressPolicy().refusal(of: [address], scheme: .http) != nil)
    }

    @Test func `a block of the operator opens what lies in it, for http too, and nothing else`()
        throws
    {
        let policy = AddressPolicy(
            allowing: try ["10.1.0.0/16", "::1/128"].map { try #require(AddressBlock($0)) })
        for text in ["10.1.0.0", "10.1.255.255", "::1"] {
            let address = try Self.address(text)
            #expect(policy.refusal(of: [address], scheme: .https) == nil)
            #expect(policy.refusal(of: [address], scheme: .http) == nil)
        }
        for text in ["10.0.255.255", "10.2.0.0", "127.0.0.1", "::2", "::ffff:10.1.0.1"] {
            #expect(policy.refusal(of: [try Self.address(text)], scheme: .https) != nil)
        }
        #expect(policy.refusal(of: [try Self.address("8.8.8.8")], scheme: .http) != nil)
    }

    @Test func `one special address among others refuses them all`() throws {
        let good = try Self.address("8.8.8.8")
        let bad = try Self.address("192.168.1.1")
        #expect(AddressPolicy().refusal(of: [good, bad], scheme: .https) != nil)
        #expect(AddressPolicy().refusal(of: [bad, good], scheme: .https) != nil)
        #expect(AddressPolicy().refusal(of: [good, good], scheme: .https) == nil)
    }

    @Test(arguments: [
        "", "/", "/8", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/+8",
        "10.0.0.0/-1", "10.0.0.0/8 ", " 10.0.0.0/8", "10.0.0.0/8/8", "10.0.0.1/8", "10.128.0.0/8",
        "0x0a.0.0.0/8", "10/8", "[::1]/128", "::1/127", "::/129", "fe80::%1/64", "example.com/8",
        "10.0.0.0/1000",
    ])
    func `what is not exactly a block is none`(_ text: String) {
        #expect(AddressBlock(text) == nil)
    }

    @Test(arguments: [
        ("0.0.0.0/0", "255.1.2.3", "::1"), ("10.0.0.0/8", "10.9.9.9", "11.0.0.0"),
        ("192.168.4.0/22", "192.168.7.255", "192.168.8.0"),
        ("127.0.0.1/32", "127.0.0.1", "127.0.0.2"), ("::/0", "ffff::1", "1.2.3.4"),
        ("fc00::/7", "fdff::1", "fe00::1"), ("::1/128", "::1", "::"),
    ])
    func `a block holds what has its prefix`(
        _ text: String, _ inside: String, _ outside: String
    ) throws {
        let block = try #require(AddressBlock(text))
        #expect(block.contains(try Self.address(inside).bytes))
        #expect(!block.contains(try Self.address(outside).bytes))
        #expect("\(block)" == text)
    }
}
