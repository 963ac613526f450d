/// A value that has the type which the table demands, with its place.
struct DecodedValue: Sendable {
    let position: SourcePosition
    let content: Content
    /// The value as it is written in the file, for messages.
    let written: String

    /// What the value is.
    enum Content: Sendable {
        case section(DecodedSection)
        case names([DecodedName])
        case list([DecodedValue])
        case text(String)
        case duration(Duration)
        case count(Int)
        case rate(RequestRate)
        case flag(Bool)
        case literal(YAMLScalar)
    }
}

/// One name that the operator gave, with what it stands for.
struct DecodedName: Sendable {
    let name: String
    let position: SourcePosition
    let value: DecodedValue
}

/// A mapping whose keys are rows of the table; defaults are filled in.
struct DecodedSection: Sendable {
    /// Where the mapping, or the name that it is the value of, stands.
    let position: SourcePosition
    /// The path for messages, names filled in; empty for the root.
    let path: String
    /// The values by key.
    ///
    /// A key that was wrong is not here; it was reported.
    let values: [String: DecodedValue]
    /// The keys that the file has, also those that were wrong.
    let present: Set<String>

    subscript(_ key: String) -> DecodedValue? { values[key] }

    func section(_ key: String) -> DecodedSection? {
        guard case .section(let section)? = values[key]?.content else { return nil }
        return section
    }

    func names(_ key: String) -> [DecodedName] {
        guard case .names(let names)? = values[key]?.content else { return [] }
        return names
    }

    func list(_ key: String) -> [DecodedValue]? {
        guard case .list(let list)? = values[key]?.content else { return nil }
        return list
    }

    func texts(_ key: String) -> [String] {
        (list(key) ?? []).compactMap(\.text)
    }

    func text(_ key: String) -> String? { values[key]?.text }

    func count(_ key: String) -> Int? {
        guard case .count(let count)? = values[key]?.content else { return nil }
        return count
    }

    func duration(_ key: String) -> Duration? {
        guard case .duration(let duration)? = values[key]?.content else { return nil }
        return duration
    }

    func rate(_ key: String) -> RequestRate? {
        guard case .rate(let rate)? = values[key]?.content else { return nil }
        return rate
    }

    func flag(_ key: String) -> Bool? {
        guard case .flag(let flag)? = values[key]?.content else { return nil }
        return flag
    }
}

extension DecodedValue {
    /// The text, where the value is one.
    var text: String? {
        guard case .text(let text) = content else { return nil }
        return text
    }
}
