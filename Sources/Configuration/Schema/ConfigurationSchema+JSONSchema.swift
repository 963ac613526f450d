internal import JSON

extension ConfigurationSchema {
    /// The JSON Schema of the file, for editors.
    ///
    /// Source: JSON Schema draft 2020-12.
    package static func jsonSchema() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("$schema")
        writer.string("https://json-schema.org/draft/2020-12/schema")
        writer.name("title")
        writer.string("gateway.conf")
        writeKeys(of: "", into: &writer)
        writer.endObject()
        return writer.bytes
    }

    /// The members of a schema that describe a mapping with the keys of the table.
    private static func writeKeys(of parent: String, into writer: inout JSONWriter) {
        let rows = keysByParent[parent] ?? []
        writer.name("type")
        writer.string("object")
        writer.name("additionalProperties")
        writer.bool(false)
        writer.name("properties")
        writer.beginObject()
        for row in rows {
            writer.name(row.name)
            writer.beginObject()
            writer.name("description")
            writer.string(row.text)
            if case .value(let text) = row.fallback {
                writer.name("default")
                writeDefault(text, row.type, into: &writer)
            }
            write(row.type, at: row.path, into: &writer)
            writer.endObject()
        }
        writer.endObject()
        writer.name("required")
        writer.beginArray()
        for row in rows where row.fallback == .required { writer.string(row.name) }
        writer.endArray()
    }

    /// The members of a schema that describe a type; the caller has begun the object.
    private static func write(_ type: ValueType, at path: String, into writer: inout JSONWriter) {
        switch type {
        case .section, .optionalSection:
            writeKeys(of: path, into: &writer)
        case .names(let grammar, let item):
            writer.name("type")
            writer.string("object")
            writer.name("minProperties")
            writer.integer(1)
            writer.name("propertyNames")
            writer.beginObject()
            writer.name("pattern")
            writer.string(grammar.pattern)
            writer.endObject()
            writer.name("additionalProperties")
            writeSchema(item, at: "\(path).*", into: &writer)
        case .list(let item, let minimum):
            writer.name("type")
            writer.string("array")
            writer.name("minItems")
            writer.integer(minimum)
            writer.name("items")
            writeSchema(item, at: "\(path)[]", into: &writer)
        case .either(let first, let second):
            writer.name("anyOf")
            writer.beginArray()
            writeSchema(first, at: path, into: &writer)
            writeSchema(second, at: path, into: &writer)
            writer.endArray()
        case .text, .prose, .duration, .size, .count, .countOr, .rate, .choice, .flag, .literal:
            // A reference to an environment variable is text, whatever it stands for.
            writer.name("anyOf")
            writer.beginArray()
            writer.beginObject()
            writeScalar(type, into: &writer)
            writer.endObject()
            writer.beginObject()
            writeText(pattern: #"\$\{[A-Za-z_][A-Za-z0-9_]*\}"#, into: &writer)
            writer.endObject()
            writer.endArray()
        }
    }

    private static func writeSchema(
        _ type: ValueType, at path: String, into writer: inout JSONWriter
    ) {
        writer.beginObject()
        write(type, at: path, into: &writer)
        writer.endObject()
    }

    private static func writeScalar(_ type: ValueType, into writer: inout JSONWriter) {
        switch type {
        case .text: writeText(pattern: ".", into: &writer)
        case .prose: writeText(pattern: nil, into: &writer)
        case .duration: writeText(pattern: "^(0|[1-9][0-9]*)(ms|s|m|h|d)$", into: &writer)
        case .size: writeText(pattern: "^(0|[1-9][0-9]*)(B|KiB|MiB|GiB)$", into: &writer)
        case .rate: writeText(pattern: "^[1-9][0-9]*/(s|min|h)$", into: &writer)
        case .count(let range): writeCount(range, into: &writer)
        case .countOr(let word, let range):
            writer.name("anyOf")
            writer.beginArray()
            writer.beginObject()
            writer.name("const")
            writer.string(word)
            writer.endObject()
            writer.beginObject()
            writeCount(range, into: &writer)
            writer.endObject()
            writer.endArray()
        case .choice(let words, _):
            writer.name("enum")
            writer.beginArray()
            for word in words { writer.string(word) }
            writer.endArray()
        case .flag:
            writer.name("type")
            writer.string("boolean")
        case .literal:
            writer.name("type")
            writer.beginArray()
            for name in ["string", "number", "boolean", "null"] { writer.string(name) }
            writer.endArray()
        case .section, .optionalSection, .names, .list, .either: break
        }
    }

    private static func writeText(pattern: String?, into writer: inout JSONWriter) {
        writer.name("type")
        writer.string("string")
        guard let pattern else { return }
        writer.name("pattern")
        writer.string(pattern)
    }

    private static func writeCount(_ range: ClosedRange<Int>, into writer: inout JSONWriter) {
        writer.name("type")
        writer.string("integer")
        writer.name("minimum")
        writer.integer(range.lowerBound)
        writer.name("maximum")
        writer.integer(range.upperBound)
    }

    private static func writeDefault(
        _ text: String, _ type: ValueType, into writer: inout JSONWriter
    ) {
        switch type {
        case .flag: writer.bool(text == "true")
        case .count: writer.integer(ValueText.count(text) ?? 0)
        case .prose: writer.string("")
        case .list:
            writer.beginArray()
            for word in text.split(whereSeparator: { "[], ".contains($0) }) {
                writer.string(String(word))
            }
            writer.endArray()
        case .section, .optionalSection, .names, .text, .duration, .size, .countOr, .rate,
            .choice, .literal, .either:
            writer.string(text)
        }
    }
}

extension NameGrammar {
    /// The grammar as a regular expression of JSON Schema (ECMA-262).
    fileprivate var pattern: String {
        switch self {
        case .identifier: "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"
        case .scope: "^[!#-\\[\\]-~]{1,256}$"
        case .argument: "."
        }
    }
}
