import Testing

@testable import Gateway

@Suite struct IssuerFiguresTests {
    @Test func `issuers whose keys were never got can be told`() {
        var text = PrometheusText()
        text.append([
            IssuerFigures(issuer: "https://a.example", isKnown: true, successes: 3, failures: 1),
            IssuerFigures(issuer: "https://b.example", isKnown: false, successes: 0, failures: 7),
        ])
        let lines = String(decoding: text.bytes, as: UTF8.self).split(separator: "\n")
        for line in [
            #"gatehouse_issuer_keys_known{issuer="https://a.example"} 1"#,
            #"gatehouse_issuer_keys_known{issuer="https://b.example"} 0"#,
            #"gatehouse_issuer_key_fetches_total{issuer="https://a.example",result="keys"} 3"#,
            #"gatehouse_issuer_key_fetches_total{issuer="https://b.example",result="failure"} 7"#,
        ] {
            #expect(lines.contains(Substring(line)))
        }
    }

    @Test func `without such issuers nothing is said of them`() {
        var text = PrometheusText()
        text.append([IssuerFigures]())
        #expect(text.bytes.isEmpty)
    }
}
