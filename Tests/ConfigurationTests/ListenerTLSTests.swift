import Testing

@testable import Configuration

@Suite("TLS of listeners") struct ListenerTLSTests {
    let workshop: Workshop

    init() throws {
        workshop = try Workshop()
    }

    /// A file with one listener at an address that anybody can reach.
    private func text(_ tls: String, publicURL: String = "https://mcp.example.com") -> String {
        Workshop.least
            .replacing("http://127.0.0.1:8080", with: publicURL, maxReplacements: 1)
            .replacing(
                "127.0.0.1:8080", with: "192.0.2.1:8443, tls: { \(tls) }", maxReplacements: 1)
    }

    @Test(arguments: ["tls/one.pem", "tls/chain.pem"])
    func `a certificate with its key makes a listener that anybody may reach`(
        _ certificate: String
    ) throws {
        let text = text("certificate: \(certificate), private_key: tls/one.key")
        #expect(workshop.findings(text) == [])
        let configuration = try #require(workshop.read(text).configuration)
        let tls = try #require(configuration.listeners[0].tls)
        #expect(tls.certificates.starts(with: "-----BEGIN CERTIFICATE-----".utf8))
        #expect(tls.privateKey.file.hasSuffix("/tls/one.key"))
        #expect(configuration.summary.contains("listening on    192.0.2.1:8443 (TLS)\n"))
    }

    @Test(arguments: [
        (
            "",
            [
                #"2:37: "certificate" is missing in "listen.tls""#,
                #"2:37: "private_key" is missing in "listen.tls""#,
            ]
        ),
        (
            "certificate: none.pem, private_key: none.key",
            [
                #"2:57: the file of "listen.tls.certificate" does not exist; it is "none.pem""#,
                #"2:80: the file of "listen.tls.private_key" does not exist; it is "none.key""#,
            ]
        ),
        (
            "certificate: tls/one.pem, private_key: tls/two.key",
            [
                #"2:83: the file of "listen.tls.private_key" holds a key that is not the key of the certificate"#
            ]
        ),
        (
            "certificate: tls/one.pem, private_key: tls/protected.key",
            [
                #"2:83: the file of "listen.tls.private_key" holds a key that is protected by a password"#
            ]
        ),
        (
            "certificate: tls/one.pem, private_key: tls/two.pem",
            [#"2:83: the file of "listen.tls.private_key" holds no private key in PEM form"#]
        ),
        (
            "certificate: tls/two.key, private_key: tls/two.key",
            [#"2:57: the file of "listen.tls.certificate" holds no certificate in PEM form"#]
        ),
        (
            "certificate: tls/empty.pem, private_key: tls/two.key",
            [#"2:57: the file of "listen.tls.certificate" holds no certificate in PEM form"#]
        ),
        (
            "certificate: tls/torn.pem, private_key: tls/one.key",
            [#"2:57: the file of "listen.tls.certificate" holds a certificate that cannot be used"#]
        ),
        (
            "certificate: tls/broken.pem, private_key: tls/one.key",
            [#"2:57: the file of "listen.tls.certificate" holds a certificate that cannot be used"#]
        ),
    ])
    func `what is no certificate with its key is refused where it stands`(
        _ tls: String, _ findings: [String]
    ) {
        let found = workshop.findings(text(tls))
        #expect(found.count == findings.count)
        for (found, expected) in zip(found, findings) {
            #expect(found.hasPrefix(expected), "\(found)")
        }
    }

    @Test func `a key that everybody can read, and a URL without TLS, are warned of`() throws {
        try workshop.write("tls/open.key", Workshop.key, mode: 0o644)
        let open = text("certificate: tls/one.pem, private_key: tls/open.key")
        #expect(
            workshop.findings(open) == [
                #"2:83: warning: the file of "listen.tls.private_key" can be read by every user of this machine"#
            ])
        let plain = text(
            "certificate: tls/one.pem, private_key: tls/one.key",
            publicURL: "http://localhost:8080")
        #expect(
            workshop.findings(plain) == [
                #"1:13: warning: "public_url" is http://, while every listener speaks TLS"#
            ])
    }

    @Test func `another certificate takes a reload, another address a restart`() throws {
        let before = try #require(
            workshop.read(text("certificate: tls/one.pem, private_key: tls/one.key"))
                .configuration)
        let renewed = try #require(
            workshop.read(text("certificate: tls/two.pem, private_key: tls/two.key"))
                .configuration)
        #expect(before.listeners != renewed.listeners)
        #expect(GatewayConfiguration.restartNeeded(from: before, to: renewed) == [])
    }
}
