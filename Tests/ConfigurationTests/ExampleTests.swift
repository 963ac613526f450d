import AuthorizationServer
import Foundation
import Testing

@testable import Configuration

@Suite("Example") struct ExampleTests {
    let workshop: Workshop
    let example: String

    init() throws {
        workshop = try Workshop()
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        example = try String(
            contentsOf: root.appending(path: "gateway.conf.example"), encoding: .utf8)
    }

    /// The example with every key that is commented out put to use: `#key` and `#  key`, not `# prose`.
    private var whole: String {
        example.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let rest = line.dropFirst()
            let isKey =
                line.hasPrefix("#") && !rest.isEmpty
                && (!rest.hasPrefix(" ") || rest.hasPrefix("  "))
            return isKey ? rest : line
        }.joined(separator: "\n")
    }

    @Test func `the example loads without a word`() {
        #expect(workshop.findings(example) == [])
    }

    @Test func `the example loads without a word when every key is used`() throws {
        #expect(workshop.findings(whole) == [])
        let configuration = try #require(workshop.read(whole).configuration)
        #expect(
            configuration.servers.map(\.name) == ["demo", "tickets", "search", "wiki", "notes"])
    }

    @Test func `every key of the table is in the example`() throws {
        var diagnostics = DiagnosticList(file: "")
        let root = try #require(
            YAMLReader.read(Array(whole.utf8), limits: YAMLLimits(), into: &diagnostics))
        var found: Set<String> = []
        Self.collect(root, at: "", into: &found)
        let keys = Set(ConfigurationSchema.keys.map(\.path))
        #expect(keys.subtracting(found) == [])
    }

    @Test func `a key that is commented out with its default shows the default`() throws {
        let defaults = try #require(workshop.read(example).configuration)
        let used = try #require(workshop.read(whole).configuration)
        #expect(defaults.limits == used.limits)
        #expect(defaults.timeouts == used.timeouts)
        #expect(defaults.tokens == used.tokens)
        var registration = used.registration
        // Nobody vouches by default, so that the entries are examples.
        #expect(
            registration.softwareStatements.map(\.issuer)
                == ["https://store.example.com", "https://vendor.example.com"])
        registration.softwareStatements = []
        #expect(defaults.registration == registration)
        #expect(defaults.sendsIssuer == used.sendsIssuer)
        #expect(defaults.log == used.log)
        #expect(defaults.state == used.state)
        #expect(defaults.workers == used.workers)
    }

    @Test func `an example that is cut off at any byte is never taken for whole`() async throws {
        for text in [example, whole] {
            let bytes = Array(text.utf8)
            var start = 0
            for end in 0..<bytes.count {
                if end > 0, bytes[end - 1] == UInt8(ascii: "\n") { start = end }
                // Within a comment one place is like the next.
                if bytes[start] == UInt8(ascii: "#"), end > start + 2, end % 29 > 0 { continue }
                await Task.yield()
                let outcome = ConfigurationFile.read(
                    Array(bytes[..<end]), path: workshop.path, environment: [:])
                let isRefused = outcome.errors.isEmpty == false
                #expect((outcome.configuration == nil) == isRefused)
                // YAML cannot tell that lines are missing; that a line is missing its end it can.
                let isWithinLine = end == 0 || bytes[end - 1] != UInt8(ascii: "\n")
                if isWithinLine { #expect(!outcome.diagnostics.isEmpty, "cut at \(end)") }
            }
        }
    }

    @Test func `an example with one bit changed is refused or loads, and never crashes`()
        async throws
    {
        let bytes = Array(whole.utf8)
        for place in stride(from: 0, to: bytes.count, by: 13) {
            if place % 32 == 0 { await Task.yield() }
            var changed = bytes
            changed[place] ^= UInt8(truncatingIfNeeded: 1 << (place % 8))
            let outcome = ConfigurationFile.read(changed, path: workshop.path, environment: [:])
            #expect((outcome.configuration == nil) == !outcome.errors.isEmpty)
        }
    }

    /// The paths of all keys of a node, as the table has them.
    private static func collect(_ node: YAMLNode, at path: String, into found: inout Set<String>) {
        switch node.content {
        case .mapping(let entries):
            for entry in entries {
                let named = "\(path).*"
                let isNamed = ConfigurationSchema.keysByParent[path] == nil
                let next = isNamed ? named : ConfigurationSchema.path(entry.key, in: path)
                found.insert(next)
                collect(entry.value, at: next, into: &found)
            }
        case .sequence(let items):
            for item in items { collect(item, at: "\(path)[]", into: &found) }
        case .scalar, .refused: break
        }
    }
}
