/// Fills in `${NAME}` in the values of a file.
///
/// Only values are read, never keys, and what a variable holds is not read again: it cannot add keys or
/// further references. A `$` without a brace stands for itself.
struct EnvironmentReferences {
    let environment: [String: String]

    /// The node with every reference filled in; references that cannot be are reported.
    func filled(_ node: YAMLNode, _ diagnostics: inout DiagnosticList) -> YAMLNode {
        let content: YAMLNode.Content
        switch node.content {
        case .scalar(let scalar):
            content = filled(scalar, at: node.position, &diagnostics)
        case .sequence(let items):
            content = .sequence(items.map { filled($0, &diagnostics) })
        case .mapping(let entries):
            content = .mapping(
                entries.map {
                    YAMLEntry(
                        key: $0.key, position: $0.position, value: filled($0.value, &diagnostics))
                })
        case .refused:
            content = .refused
        }
        return YAMLNode(position: node.position, content: content)
    }

    private func filled(
        _ scalar: YAMLScalar, at position: SourcePosition, _ diagnostics: inout DiagnosticList
    ) -> YAMLNode.Content {
        guard scalar.text.utf8.contains(UInt8(ascii: "$")) else { return .scalar(scalar) }
        var rest = scalar.written[...]
        var text = ""
        while let dollar = rest.firstIndex(of: "$") {
            text += rest[..<dollar]
            rest = rest[dollar...]
            guard rest.hasPrefix("${") else {
                text += "$"
                rest = rest.dropFirst()
                continue
            }
            guard let end = rest.firstIndex(of: "}") else {
                diagnostics.error(position, "\"${\" is not followed by a name and \"}\"")
                return .refused
            }
            let name = rest.dropFirst(2)[..<end]
            guard Self.isName(name) else {
                diagnostics.error(
                    position,
                    "\(DiagnosticList.quoted(String(name))) cannot be the name of an environment variable"
                )
                return .refused
            }
            guard let value = environment[String(name)] else {
                diagnostics.error(position, "the environment variable \"\(name)\" is not set")
                return .refused
            }
            text += value
            rest = rest[rest.index(after: end)...]
        }
        var filled = scalar
        filled.text = text + rest
        return .scalar(filled)
    }

    /// Whether the text is a name as POSIX has it.
    ///
    /// Source: POSIX.1-2017 §8.1.
    private static func isName(_ name: Substring) -> Bool {
        guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
        else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}
