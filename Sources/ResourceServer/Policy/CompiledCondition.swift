import JSON

/// A condition on one argument, ready to be judged.
struct CompiledCondition: Sendable {
    /// The argument as the operator named it.
    let argument: String
    /// The way to the value: names of members, or numbers of elements.
    private let path: [ArgumentName]
    private let accepted: [AcceptedValue]

    /// One value that is accepted.
    private enum AcceptedValue: Sendable {
        case pattern(Pattern)
        case number(spelling: [UInt8], integer: Int64?)
        case bool(Bool)
        case null
    }

    /// A compiled condition, or the part that is malformed.
    init(
        _ condition: ArgumentCondition, scope: Int, tool: String
    ) throws(ScopePolicyViolation) {
        argument = condition.argument
        guard let path = Self.path(condition.argument) else {
            throw .malformedArgument(scope: scope, tool: tool, argument: condition.argument)
        }
        self.path = path.map { ArgumentName($0) }
        var accepted: [AcceptedValue] = []
        for value in condition.accepted {
            guard let compiled = Self.compile(value) else {
                throw .malformedValue(scope: scope, tool: tool, argument: condition.argument)
            }
            accepted.append(compiled)
        }
        guard !accepted.isEmpty else {
            throw .malformedValue(scope: scope, tool: tool, argument: condition.argument)
        }
        self.accepted = accepted
    }

    /// Whether the call's arguments have one of the accepted values there.
    ///
    /// An absent argument does not meet any condition, not even one that accepts null, and neither
    /// does one beside another that a server could take for it.
    func isMet(by arguments: JSONValue?) -> Bool {
        guard var value = arguments else { return false }
        for name in path {
            guard let next = Self.step(from: value, to: name) else { return false }
            value = next
        }
        return accepted.contains { Self.accepts($0, value) }
    }

    /// The member or element that one reference token of a pointer names (RFC 6901 §4).
    private static func step(from value: JSONValue, to name: ArgumentName) -> JSONValue? {
        switch value.kind {
        case .object:
            for member in value.members {
                guard let other = member.name.utf8, !name.hasTwin(other) else { return nil }
            }
            return value.member(name.text)
        case .array:
            // RFC 6901 §4 — digits without leading zeros.
            guard let number = Int(name.text), number >= 0, String(number) == name.text else {
                return nil
            }
            var iterator = value.elements.makeIterator()
            var element = iterator.next()
            for _ in 0..<number {
                guard element != nil else { return nil }
                element = iterator.next()
            }
            return element
        case .string, .number, .true, .false, .null: return nil
        }
    }

    /// Whether the value is the accepted one.
    private static func accepts(_ accepted: AcceptedValue, _ value: JSONValue) -> Bool {
        switch accepted {
        case .pattern(let pattern):
            guard let text = value.utf8 else { return false }
            return pattern.matches(text.span)
        case .number(let spelling, let integer):
            guard value.kind == .number else { return false }
            if let integer, let other = value.integer { return integer == other }
            return value.rawBytes.elementsEqual(spelling)
        case .bool(let bool): return value.bool == bool
        case .null: return value.kind == .null
        }
    }

    /// The compiled value, or nil where it is malformed.
    private static func compile(_ value: ArgumentValue) -> AcceptedValue? {
        switch value {
        case .string(let text):
            return Pattern(text, allowsEmpty: true).map { .pattern($0) }
        case .number(let text):
            guard let document = try? JSONDocument(parsing: Array(text.utf8)),
                document.root.kind == .number, document.root.range.count == text.utf8.count
            else { return nil }
            return .number(spelling: Array(text.utf8), integer: document.root.integer)
        case .bool(let bool): return .bool(bool)
        case .null: return .null
        }
    }

    /// The reference tokens of a name or pointer, or nil where it is malformed.
    private static func path(_ text: String) -> [String]? {
        guard !text.isEmpty, text.utf8.count <= Pattern.maximumLength else { return nil }
        guard text.hasPrefix("/") else { return [text] }
        var path: [String] = []
        for token in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let name = unescaped(token) else { return nil }
            path.append(name)
        }
        return path
    }

    /// A reference token without its escapes: `~1` is `/`, `~0` is `~` (RFC 6901 §4).
    private static func unescaped(_ token: Substring) -> String? {
        var result = ""
        var iterator = token.unicodeScalars.makeIterator()
        while let scalar = iterator.next() {
            guard scalar == "~" else {
                result.unicodeScalars.append(scalar)
                continue
            }
            switch iterator.next() {
            case "0": result.append("~")
            case "1": result.append("/")
            default: return nil
            }
        }
        return result
    }
}
