import Foundation
import Testing

@testable import Configuration

@Suite("Reading") struct ReadingTests {
    let workshop: Workshop

    init() throws {
        workshop = try Workshop()
    }

    @Test func `all errors of a file are told at once, by their place`() {
        let text = """
            public_url: http://mcp.example.com/
            listen: [{ adress: 127.0.0.1:8080 }]
            wokers: 2
            timeouts: { call: forever }
            servers:
              one: { path: one, upstream: ftp://one.internal }
              two: { path: /two, upstream: http://127.0.0.1:9000, visibility: all }

            """
        let places = workshop.findings(text).map {
            $0.split(separator: ":").prefix(2).joined(separator: ":")
        }
        #expect(
            places == ["1:1", "1:13", "2:10", "2:12", "3:1", "4:19", "6:16", "6:31", "7:67"])
    }

    @Test func `a finding is told with the file as it was named`() {
        let outcome = ConfigurationFile.read(
            Array("upsteam: 1\n".utf8), path: "gateway.conf", environment: [:])
        #expect(
            outcome.diagnostics.map(\.description).last
                == #"gateway.conf:1:1: "servers" is missing (the MCP servers behind the gateway, each under a name of your own)"#
        )
    }

    @Test func `a file that cannot be read is told without a place`() {
        let outcome = ConfigurationFile.load("/nowhere/gateway.conf", environment: [:])
        #expect(outcome.configuration == nil)
        #expect(
            outcome.diagnostics.map(\.description) == [
                "/nowhere/gateway.conf: the file does not exist"
            ])
    }

    @Test func `a file is loaded from where it is`() throws {
        try workshop.write("gateway.conf", Workshop.least)
        let outcome = ConfigurationFile.load(workshop.path, environment: [:])
        #expect(outcome.configuration == workshop.read(Workshop.least).configuration)
        #expect(outcome.configuration != nil)
    }

    @Test func `a byte that is not UTF-8 is told with its place`() {
        let bytes = Array("public_url: é\nstate: ".utf8) + [0xFF, 0x0A]
        let outcome = ConfigurationFile.read(bytes, path: "f", environment: [:])
        #expect(
            outcome.diagnostics.map(\.description) == [
                "f:2:8: not YAML: invalid leading UTF-8 octet"
            ])
    }

    @Test(arguments: ["\u{FEFF}", "# comment\n", "---\n"])
    func `what may stand before the first key changes nothing`(_ start: String) {
        #expect(workshop.findings(start + Workshop.least) == [])
    }

    @Test func `lines may end in CR LF`() {
        let text = Workshop.least.split(separator: "\n").joined(separator: "\r\n") + "\r\n"
        #expect(workshop.findings(text) == [])
    }

    @Test func `a file in UTF-16 is refused`() {
        var bytes: [UInt8] = [0xFF, 0xFE]
        for unit in Workshop.least.utf16 { bytes += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
        #expect(!ConfigurationFile.read(bytes, path: "f", environment: [:]).errors.isEmpty)
    }

    @Test func `a file that ends within a line is warned of`() {
        let outcome = workshop.read(String(Workshop.least.dropLast()))
        #expect(outcome.configuration != nil)
        #expect(
            workshop.findings(String(Workshop.least.dropLast())) == [
                "5:1: warning: the last line has no end; the file may have been cut off"
            ])
    }

    @Test func `size and number of values are limited`() {
        var limits = YAMLLimits()
        limits.nodeCount = 20
        let many = ConfigurationFile.read(
            Array(Workshop.least.utf8), path: "f", environment: [:], limits: limits)
        #expect(many.diagnostics.map(\.message) == ["the file has more than 20 values"])
        limits.fileSize = 10
        let large = ConfigurationFile.read(
            Array(Workshop.least.utf8), path: "f", environment: [:], limits: limits)
        let size = Workshop.least.utf8.count
        #expect(
            large.diagnostics.map(\.message) == ["the file has \(size) bytes; at most 10 are read"])
    }

    @Test func `a file that is wrong throughout is not told of without end`() {
        let text = (0..<1000).map { "key\($0): 1\n" }.joined()
        let findings = workshop.findings(text)
        #expect(findings.count == DiagnosticList.maximumCount + 1)
        #expect(findings.last?.contains("more; they are not shown") == true)
    }

    @Test func `an environment variable is filled into values`() throws {
        let text = Workshop.least
            .replacing("127.0.0.1:8080 }]", with: "\"${HOST}:${PORT}\" }]")
            .replacing("http://127.0.0.1:9000/mcp", with: "\"http://${UPSTREAM_1}/mcp$\"")
        let outcome = workshop.read(
            text, environment: ["HOST": "127.0.0.1", "PORT": "8080", "UPSTREAM_1": "host:1"])
        let configuration = try #require(outcome.configuration)
        #expect(configuration.listeners.map { "\($0.address)" } == ["127.0.0.1:8080"])
        #expect("\(configuration.servers[0].upstream.url)" == "http://host:1/mcp$")
    }

    @Test func `what a variable holds is neither read as YAML nor filled in again`() {
        let text = Workshop.least + "log: { to: \"file ${NAME}\" }\n"
        let outcome = workshop.read(text, environment: ["NAME": "/x: { ${NAME} } # y"])
        #expect(outcome.configuration?.log.destination == .file("/x: { ${NAME} } # y"))
    }

    @Test func `what a variable holds is not shown`() {
        let text = Workshop.least + "workers: \"${WORKERS}\"\nstate: ${STATE}\n"
        let findings = workshop.findings(
            text, environment: ["WORKERS": "hunter2", "STATE": "hunter2"])
        #expect(
            findings == [
                #"6:10: "workers" must be auto or a whole number; found "${WORKERS}""#,
                #"7:8: "state" must be sqlite: and a file, such as sqlite:gatehouse.db; found "${STATE}""#,
            ])
    }

    @Test(arguments: ["~", "null", "\"\"", "''"])
    func `nothing is no value for a text`(_ nothing: String) {
        let text = Workshop.least + "state: \(nothing)\n"
        #expect(workshop.findings(text).map { $0.prefix(4) } == ["6:8:"])
    }

    @Test func `a NUL cannot cut a path or an address short`() {
        let text = Workshop.least + #"state: "sqlite:a\0b""# + "\n"
        #expect(workshop.findings(text).map { $0.prefix(4) } == ["6:8:"])
        #expect(SocketAddress("127.0.0.1\0x:80") == nil)
    }
}
