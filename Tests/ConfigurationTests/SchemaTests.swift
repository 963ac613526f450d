import Foundation
import Testing

@testable import Configuration

@Suite("Schema") struct SchemaTests {
    @Test func `every key stands in a mapping that the table has`() {
        let paths = Set(ConfigurationSchema.keys.map(\.path))
        #expect(paths.count == ConfigurationSchema.keys.count)
        for key in ConfigurationSchema.keys where !key.parent.isEmpty {
            var parent = key.parent
            while parent.hasSuffix(".*") || parent.hasSuffix("[]") { parent.removeLast(2) }
            #expect(paths.contains(parent), "\(key.path)")
        }
    }

    @Test func `every key has one line of text and a default of its own type`() {
        let paths = Set(ConfigurationSchema.keys.map(\.path))
        for key in ConfigurationSchema.keys {
            #expect(!key.text.isEmpty && !key.text.contains("\n"), "\(key.path)")
            if case .inherited(let path) = key.fallback {
                #expect(paths.contains(path), "\(key.path)")
            }
        }
        var decoder = SchemaDecoder(diagnostics: DiagnosticList(file: ""))
        let nothing = YAMLNode(position: .start, content: .mapping([]))
        _ = decoder.decode(nothing)
        #expect(decoder.diagnostics.sorted.allSatisfy { $0.message.contains("is missing") })
    }

    @Test func `keys of a later version are not in the table`() {
        let paths = Set(ConfigurationSchema.keys.map(\.path))
        for path in ConfigurationSchema.laterPaths {
            #expect(!paths.contains(path), "\(path)")
        }
    }

    @Test func `the keys that need a restart are those of the table`() {
        let marked = ConfigurationSchema.keys.filter { $0.change == .restart }.map(\.path)
        let children =
            [
                "listen[].address", "health.address", "audit.to", "audit.on_failure",
                "audit.checkpoint", "audit.syslog_socket",
            ]
        #expect(
            Set(RestartCheck.all.map(\.key)) == Set(marked).subtracting(children))
    }

    @Test func `the reference has a line for every key`() {
        let page = ConfigurationSchema.referencePage()
        for key in ConfigurationSchema.keys {
            #expect(page.contains("\n| `\(key.path)` | \(key.place.rawValue) | "), "\(key.path)")
        }
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }
        #expect(rows.count == ConfigurationSchema.keys.count)
    }

    @Test func `the JSON Schema has every key`() throws {
        let root = try #require(
            JSONSerialization.jsonObject(with: Data(ConfigurationSchema.jsonSchema()))
                as? [String: Any])
        for key in ConfigurationSchema.keys {
            let schema = Self.schema(at: key.path, in: root)
            #expect(schema?["description"] as? String == key.text, "\(key.path)")
        }
    }

    @Test func `the JSON Schema names what is needed`() throws {
        let root = try #require(
            JSONSerialization.jsonObject(with: Data(ConfigurationSchema.jsonSchema()))
                as? [String: Any])
        #expect(root["required"] as? [String] == ["public_url", "listen", "servers"])
        #expect(root["additionalProperties"] as? Bool == false)
    }

    /// The schema of a key, found the way an editor goes.
    private static func schema(at path: String, in root: [String: Any]) -> [String: Any]? {
        var schema: [String: Any]? = root
        for part in path.replacing("[]", with: ".[]").split(separator: ".") {
            switch part {
            case "*": schema = schema?["additionalProperties"] as? [String: Any]
            case "[]":
                schema = schema?["items"] as? [String: Any]
                let alternatives = schema?["anyOf"] as? [[String: Any]]
                if let object = alternatives?.first(where: { $0["properties"] != nil }) {
                    schema = object
                }
            default:
                let properties = schema?["properties"] as? [String: Any]
                schema = properties?[String(part)] as? [String: Any]
            }
        }
        return schema
    }
}
