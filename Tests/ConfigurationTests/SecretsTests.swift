import Testing

@testable import Configuration

@Suite("Secrets") struct SecretsTests {
    @Test func `no secret is in a description, a dump or the summary`() throws {
        let workshop = try Workshop()
        let outcome = workshop.read(ConfigurationFileTests.whole)
        let configuration = try #require(outcome.configuration)
        var dumped = ""
        dump(configuration, to: &dumped)
        let shown =
            ["\(configuration)", String(reflecting: configuration), dumped]
            + [configuration.summary, "\(outcome)"]
        let flat = dumped.filter { !$0.isWhitespace }
        #expect(!flat.contains("-97-98-97-98"))
        #expect(!flat.contains("-115-51-99-114"))
        for text in shown {
            #expect(!text.contains("s3cr3t"))
            #expect(!text.contains("abababab"))
            #expect(!text.contains("97, 98, 97"))
            #expect(!text.contains("115, 51, 99"))
        }
        #expect(configuration.summary.contains("secrets/tickets"))
    }

    @Test(arguments: [
        (
            "public_url: https://${V}.Example", "v4lue",
            #"1:13: "public_url" must be written in lower case, without a usual port; found "https://${V}.Example""#
        ),
        (
            "listen: [{ address: \"${V}\" }]", "0.0.0.0:8080",
            "1:21: warning: ${V} listens on every address without TLS; only a TLS proxy, or nobody but this machine, may be able to reach it"
        ),
        (
            "servers: { a: { scopes: { b: { granted_to: [\"${V}/user:u\"] } } } }", "v4lue",
            #"1:45: "${V}/user:u" is not a name of "sign_in""#
        ),
        (
            "workers: \"${V}\"", "v4lue",
            #"1:10: "workers" must be auto or a whole number; found "${V}""#
        ),
    ])
    func `what a variable holds is in no finding`(
        _ text: String, _ value: String, _ finding: String
    ) throws {
        let findings = try Workshop().findings(text + "\n", environment: ["V": value])
        #expect(findings.contains(finding), "\(findings)")
        #expect(!findings.contains { $0.contains(value) })
    }

    @Test func `a change of a secret is a change`() throws {
        let workshop = try Workshop()
        let before = workshop.read(ConfigurationFileTests.whole).configuration
        try workshop.write("secrets/tickets", "another")
        let after = workshop.read(ConfigurationFileTests.whole).configuration
        #expect(before != after)
    }

    @Test func `where the files are given, no others are read`() throws {
        let workshop = try Workshop()
        let text = Workshop.least + "master_key_file: secrets/master-key\n"
        let file = workshop.path.replacing("gateway.conf", with: "secrets/master-key")
        func read(_ files: [String: [UInt8]]) -> ConfigurationFile.Outcome {
            ConfigurationFile.read(
                Array(text.utf8), path: workshop.path, environment: [:], files: files)
        }
        #expect(workshop.read(text).errors == [])
        #expect(read([:]).errors.map(\.message).count { $0.contains("does not exist") } == 1)
        let key = Array(String(repeating: "cd", count: 32).utf8)
        #expect(read([file: key]).configuration?.masterKey?.bytes == key)
        let large = [UInt8](repeating: 0x61, count: 1 << 17)
        #expect(read([file: large]).errors.map(\.message).count { $0.contains("more than") } == 1)
    }
}
