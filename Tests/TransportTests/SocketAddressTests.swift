import Testing
import Transport

@Suite struct SocketAddressTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1:8080", true), ("127.8.9.10", "127.8.9.10:8080", true),
        ("128.0.0.1", "128.0.0.1:8080", false), ("0.0.0.0", "0.0.0.0:8080", false),
        ("::1", "[::1]:8080", true), ("::", "[::]:8080", false),
        ("2001:db8:0:0:0:0:0:1", "[2001:db8::1]:8080", false),
    ])
    func `a literal address is read and written`(
        _ literal: String, _ text: String, _ isLoopback: Bool
    ) throws {
        let address = try #require(SocketAddress(literal: literal, port: 8080))
        #expect("\(address)" == text)
        #expect(address.port == 8080)
        #expect(address.isLoopback == isLoopback)
        #expect(SocketAddress(literal: address.host, port: 8080) == address)
    }

    @Test(arguments: [
        "", "localhost", "127.1", "127.0.0.01", "127.0.0.1 ", "256.0.0.1", "[::1]", "1::2::3",
        "0x7f.0.0.1", "::1%lo",
    ])
    func `what is no literal address is refused`(_ text: String) {
        #expect(SocketAddress(literal: text, port: 80) == nil)
    }

    @Test(arguments: ["192.0.2.7", "2001:db8::7"])
    func `another port makes another address`(_ literal: String) throws {
        let address = try #require(SocketAddress(literal: literal, port: 1))
        let other = address.with(port: 65535)
        #expect(other.port == 65535)
        #expect(other.host == literal)
        #expect(other != address)
        #expect(other.with(port: 1) == address)
        #expect(Set([address, other, other.with(port: 1)]).count == 2)
    }
}
