/// Gives the nodes of a file the types that the table demands, and reports everything that does not have them.
struct SchemaDecoder {
    private(set) var diagnostics: DiagnosticList
    /// How often something was found that is not in this version.
    private var laterCount = 0

    init(diagnostics: DiagnosticList) {
        self.diagnostics = diagnostics
    }

    /// The file as a section; what is wrong is reported and left out.
    mutating func decode(_ root: YAMLNode) -> DecodedSection {
        switch root.content {
        case .mapping(let entries):
            return section(entries, at: root.position, place: Place(schema: "", shown: ""))
        case .scalar, .sequence:
            diagnostics.error(
                root.position, "a file must be a mapping of keys; found \(root.kindDescription)")
            return DecodedSection(position: root.position, path: "", values: [:], present: [])
        case .refused:
            return DecodedSection(position: root.position, path: "", values: [:], present: [])
        }
    }

    /// A path twice: as in the table, and with the names filled in.
    private struct Place {
        let schema: String
        let shown: String

        func key(_ row: SchemaKey) -> Place {
            Place(schema: row.path, shown: ConfigurationSchema.path(row.name, in: shown))
        }

        func name(_ name: String) -> Place {
            Place(schema: "\(schema).*", shown: "\(shown).\(DiagnosticList.visible(name))")
        }

        var item: Place { Place(schema: "\(schema)[]", shown: shown) }
    }

    private mutating func section(
        _ entries: [YAMLEntry], at position: SourcePosition, place: Place
    ) -> DecodedSection {
        let rows = ConfigurationSchema.keysByParent[place.schema] ?? []
        var values: [String: DecodedValue] = [:]
        values.reserveCapacity(rows.count)
        var present: Set<String> = []
        let laterCountBefore = laterCount
        for entry in entries {
            guard let row = rows.first(where: { $0.name == entry.key }) else {
                reportUnknown(entry, place: place, known: rows)
                continue
            }
            present.insert(row.name)
            values[row.name] = value(
                entry.value, row.type, place.key(row), mappingPosition: entry.position)
        }
        // Something of a later version may need other keys than those that the table has.
        let isLater = laterCount > laterCountBefore
        for row in rows where !present.contains(row.name) {
            if isLater, row.fallback == .required { continue }
            values[row.name] = fallback(of: row, at: position, around: place)
        }
        return DecodedSection(
            position: position, path: place.shown, values: values, present: present)
    }

    /// The values of the table by the paths of their keys; they are the same in every file.
    private static let defaults: [String: DecodedValue] = {
        var decoder = SchemaDecoder(diagnostics: DiagnosticList(file: ""))
        var defaults: [String: DecodedValue] = [:]
        for row in ConfigurationSchema.keys {
            guard case .value(let text) = row.fallback else { continue }
            let node = YAMLReader.read(
                Array(text.utf8), limits: YAMLLimits(), into: &decoder.diagnostics)
            defaults[row.path] = node.flatMap {
                decoder.value(
                    $0, row.type, Place(schema: row.path, shown: row.path),
                    mappingPosition: $0.position)
            }
            precondition(defaults[row.path] != nil, "a default of the table has its key's type")
        }
        return defaults
    }()

    /// What a key is worth that was left out.
    private mutating func fallback(
        of row: SchemaKey, at position: SourcePosition, around place: Place
    ) -> DecodedValue? {
        switch row.fallback {
        case .required:
            let within = place.shown.isEmpty ? "" : " in \"\(place.shown)\""
            diagnostics.error(position, "\"\(row.name)\" is missing\(within) (\(row.text))")
            return nil
        case .value:
            return Self.defaults[row.path]
        case .absent, .inherited:
            guard case .section = row.type else { return nil }
            let section = section([], at: position, place: place.key(row))
            return DecodedValue(position: position, content: .section(section), written: "")
        }
    }

    /// The value of one key or item, or nil where it is wrong.
    private mutating func value(
        _ node: YAMLNode, _ type: ValueType, _ place: Place, mappingPosition: SourcePosition
    ) -> DecodedValue? {
        let content: DecodedValue.Content?
        switch (type, node.content) {
        case (_, .refused):
            content = nil
        case (.either(let first, let second), _):
            let fits = first.admits(node.content) || !second.admits(node.content)
            guard type.admits(node.content) else { return mismatch(node, type, place) }
            return value(node, fits ? first : second, place, mappingPosition: mappingPosition)
        case (.section, .mapping(let entries)), (.optionalSection, .mapping(let entries)):
            content = .section(section(entries, at: mappingPosition, place: place))
        case (.section, .scalar(let scalar)) where scalar.isNull,
            (.optionalSection, .scalar(let scalar)) where scalar.isNull:
            content = .section(section([], at: mappingPosition, place: place))
        case (.names(let grammar, let type), .mapping(let entries)) where !entries.isEmpty:
            content = .names(names(entries, grammar, type, place))
        case (.names, .mapping):
            diagnostics.error(node.position, "\"\(place.shown)\" must hold at least one name")
            content = nil
        case (.list(let type, let minimum), .sequence(let items)):
            content = list(items, of: type, minimum: minimum, at: node.position, place)
        case (_, .scalar(let scalar)):
            return self.scalar(scalar, node, type, place)
        case (_, .sequence), (_, .mapping):
            return mismatch(node, type, place)
        }
        return content.map { DecodedValue(position: node.position, content: $0, written: "") }
    }

    private mutating func names(
        _ entries: [YAMLEntry], _ grammar: NameGrammar, _ type: ValueType, _ place: Place
    ) -> [DecodedName] {
        entries.compactMap { entry in
            guard grammar.accepts(entry.key) else {
                diagnostics.error(
                    entry.position,
                    "\(DiagnosticList.quoted(entry.key)) cannot be a name in \"\(place.shown)\"; expected \(grammar.expectation)"
                )
                return nil
            }
            let value = value(
                entry.value, type, place.name(entry.key), mappingPosition: entry.position)
            return value.map {
                DecodedName(name: entry.key, position: entry.position, value: $0)
            }
        }
    }

    private mutating func list(
        _ items: [YAMLNode], of type: ValueType, minimum: Int, at position: SourcePosition,
        _ place: Place
    ) -> DecodedValue.Content? {
        guard items.count >= minimum else {
            diagnostics.error(position, "\"\(place.shown)\" must hold at least one item")
            return nil
        }
        return .list(
            items.compactMap { value($0, type, place.item, mappingPosition: $0.position) })
    }

    private mutating func scalar(
        _ scalar: YAMLScalar, _ node: YAMLNode, _ type: ValueType, _ place: Place
    ) -> DecodedValue? {
        guard let content = Self.content(scalar, type) else {
            if case .choice(_, let later) = type, later.contains(scalar.text) {
                laterCount += 1
                diagnostics.error(
                    node.position,
                    "\(DiagnosticList.quoted(scalar.written)) is not supported by this version; \"\(place.shown)\" must be \(type.expectation)"
                )
                return nil
            }
            return mismatch(node, type, place)
        }
        guard Self.isWithinBounds(content, type) else {
            diagnostics.error(
                node.position,
                "\"\(place.shown)\" must be \(type.bounds ?? ""); found \(node.kindDescription)")
            return nil
        }
        return DecodedValue(position: node.position, content: content, written: scalar.written)
    }

    private mutating func mismatch(
        _ node: YAMLNode, _ type: ValueType, _ place: Place
    ) -> DecodedValue? {
        diagnostics.error(
            node.position,
            "\"\(place.shown)\" must be \(type.expectation); found \(node.kindDescription)")
        return nil
    }

    /// The scalar as a value of the type, or nil where it is none.
    private static func content(_ scalar: YAMLScalar, _ type: ValueType) -> DecodedValue.Content? {
        let text = scalar.text
        if case .literal = type { return .literal(scalar) }
        guard !scalar.isNull else { return nil }
        switch type {
        case .prose: return text.utf8.contains(0) ? nil : .text(text)
        case .text:
            // A control character in a path, name or URL is a mistake, and could cut it short in C.
            let isLine = !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
            return isLine && !text.isEmpty ? .text(text) : nil
        case .duration: return ValueText.duration(text).map { .duration($0) }
        case .size: return ValueText.size(text).map { .count($0) }
        case .count: return ValueText.count(text).map { .count($0) }
        case .countOr(let word, _):
            return text == word ? .text(word) : ValueText.count(text).map { .count($0) }
        case .rate: return ValueText.rate(text).map { .rate($0) }
        case .choice(let words, _): return words.contains(text) ? .text(text) : nil
        case .flag: return text == "true" ? .flag(true) : text == "false" ? .flag(false) : nil
        case .section, .optionalSection, .names, .list, .literal, .either: return nil
        }
    }

    private static func isWithinBounds(_ content: DecodedValue.Content, _ type: ValueType) -> Bool {
        switch (type, content) {
        case (.duration(let range), .duration(let value)): range.contains(value)
        case (.size(let range), .count(let value)), (.count(let range), .count(let value)),
            (.countOr(_, let range), .count(let value)):
            range.contains(value)
        case (.rate(let limit?), .rate(let value)): value.countPerMinute <= limit.countPerMinute
        case (_, _): true
        }
    }
}

extension SchemaDecoder {
    /// Says of a key that the table does not have what was probably meant.
    private mutating func reportUnknown(_ entry: YAMLEntry, place: Place, known: [SchemaKey]) {
        let shown = DiagnosticList.quoted(entry.key)
        let path = ConfigurationSchema.path(entry.key, in: place.schema)
        if ConfigurationSchema.laterPaths.contains(path) {
            laterCount += 1
            diagnostics.error(entry.position, "\(shown) is not supported by this version")
            return
        }
        let names = known.map(\.name)
        if let nearest = EditDistance.nearest(to: entry.key, among: names) {
            diagnostics.error(
                entry.position, "unknown key \(shown); did you mean \"\(nearest)\"?")
            return
        }
        let elsewhere = ConfigurationSchema.keys.filter { $0.name == entry.key }.map(\.parent)
        let homes = elsewhere.map { $0.isEmpty ? "the top level" : "\"\($0)\"" }
        let hint =
            homes.isEmpty
            ? "expected \(ValueType.alternatives(names))"
            : "it belongs in \(ValueType.alternatives(homes))"
        diagnostics.error(entry.position, "unknown key \(shown); \(hint)")
    }
}
