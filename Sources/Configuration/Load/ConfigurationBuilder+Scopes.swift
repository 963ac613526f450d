internal import OAuth
internal import ResourceServer

extension ConfigurationBuilder {
    /// The scopes of a server; without a block one scope, named after the server, opens everything.
    mutating func scopes(
        _ section: DecodedSection, server: String, isForeign: Bool, sources: [String]
    ) -> [ScopeDefinition] {
        guard section.present.contains("scopes") else {
            return [
                ScopeDefinition(
                    name: server, tools: [ToolRule(name: "*")], resources: ["*"], prompts: ["*"],
                    methods: ["*"])
            ]
        }
        let entries = section.names("scopes")
        let names = entries.map(\.name)
        if let first = entries.dropFirst(ScopePolicy.maximumScopes).first {
            diagnostics.error(
                first.position, "a server can have at most \(ScopePolicy.maximumScopes) scopes")
        }
        var scopes: [ScopeDefinition] = []
        for entry in entries {
            guard case .section(let scope) = entry.value.content else { continue }
            if entry.name == ScopeToken.offlineAccess {
                diagnostics.error(
                    entry.position,
                    "\"\(entry.name)\" cannot be a scope of a server: by it clients ask for refresh tokens"
                )
            }
            checkIncludes(scope, entry, names: names, server: server)
            if isForeign {
                checkForeignGrants(scope, issuer: section.section("authorization_server"))
            } else {
                checkGrants(scope, sources: sources)
            }
            scopes.append(definition(entry.name, scope))
            notePositions(scope, entry, server: server)
        }
        checkCircles(scopes, entries)
        checkOpenings(scopes, entries)
        return scopes
    }

    private mutating func definition(_ name: String, _ scope: DecodedSection) -> ScopeDefinition {
        ScopeDefinition(
            name: name, description: scope.text("description") ?? "", tools: tools(scope),
            resources: patterns("resources", scope), prompts: patterns("prompts", scope),
            methods: patterns("methods", scope), includes: scope.texts("includes"),
            initial: scope.flag("initial") ?? true,
            grantedTo: scope.list("granted_to").map { $0.compactMap(\.text) },
            clients: clients(scope))
    }

    private mutating func patterns(_ key: String, _ scope: DecodedSection) -> [String] {
        for item in scope.list(key) ?? [] {
            checkPattern(item, sentence(key, in: scope, ""))
        }
        return scope.texts(key)
    }

    private mutating func checkPattern(_ item: DecodedValue, _ key: String) {
        guard let text = item.text, Pattern(text) == nil else { return }
        diagnostics.error(
            item.position, "\(key)must hold patterns of at most \(Pattern.maximumLength) bytes")
    }

    private mutating func tools(_ scope: DecodedSection) -> [ToolRule] {
        (scope.list("tools") ?? []).compactMap { item in
            checkPattern(item, sentence("tools", in: scope, ""))
            if let name = item.text { return ToolRule(name: name) }
            guard case .section(let tool) = item.content, let name = tool["name"],
                let pattern = name.text
            else { return nil }
            checkPattern(name, sentence("name", in: tool, ""))
            return ToolRule(name: pattern, arguments: arguments(tool))
        }
    }

    private mutating func arguments(_ tool: DecodedSection) -> [ArgumentCondition] {
        tool.names("arguments").compactMap { argument in
            guard case .list(let values) = argument.value.content else { return nil }
            guard Self.isPointer(argument.name) else {
                diagnostics.error(
                    argument.position,
                    "\(DiagnosticList.quoted(argument.name)) is not a JSON pointer; after \"~\" comes 0 or 1"
                )
                return nil
            }
            return ArgumentCondition(
                argument: argument.name, accepted: values.compactMap(Self.argumentValue))
        }
    }

    /// Whether a name is no JSON pointer at all, or a right one.
    ///
    /// Source: RFC 6901 §3.
    private static func isPointer(_ name: String) -> Bool {
        guard name.hasPrefix("/") else { return true }
        return name.split(separator: "~", omittingEmptySubsequences: false).dropFirst()
            .allSatisfy { $0.hasPrefix("0") || $0.hasPrefix("1") }
    }

    /// The value as YAML's JSON schema reads it: what is quoted is text.
    ///
    /// Source: YAML 1.2.2 §10.2.
    private static func argumentValue(_ value: DecodedValue) -> ArgumentValue? {
        guard case .literal(let scalar) = value.content else { return nil }
        guard scalar.isPlain else { return .string(scalar.text) }
        switch scalar.text {
        case "true": return .bool(true)
        case "false": return .bool(false)
        default:
            if scalar.isNull { return .null }
            return isNumber(scalar.text) ? .number(scalar.text) : .string(scalar.text)
        }
    }

    /// Whether the text is a JSON number.
    ///
    /// Source: RFC 8259 §6.
    static func isNumber(_ text: String) -> Bool {
        var rest = text.utf8[...]
        func digits(_ rest: inout Substring.UTF8View) -> Int {
            let count = rest.prefix { (0x30...0x39).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let leading = rest.first
        let whole = digits(&rest)
        guard whole > 0, leading != UInt8(ascii: "0") || whole == 1 else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard digits(&rest) > 0 else { return false }
        }
        if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") {
                rest = rest.dropFirst()
            }
            guard digits(&rest) > 0 else { return false }
        }
        return rest.isEmpty
    }

    private mutating func clients(_ scope: DecodedSection) -> ClientRequirement {
        guard let items = scope.list("clients") else {
            return scope.text("clients") == "verified" ? .verified : .any
        }
        for item in items {
            guard let text = item.text else { continue }
            let isNamed = ["domain:", "client:"].contains {
                text.hasPrefix($0) && text.count > $0.count
            }
            if !isNamed {
                refuseItem(item, sentence("clients", in: scope, "must hold domain:… or client:…"))
            }
        }
        return .listed(items.compactMap(\.text))
    }

}

extension ConfigurationBuilder {
    private mutating func checkIncludes(
        _ scope: DecodedSection, _ entry: DecodedName, names: [String], server: String
    ) {
        for item in scope.list("includes") ?? [] {
            guard let name = item.text, !names.contains(name) else { continue }
            let nearest = EditDistance.nearest(to: name, among: names.filter { $0 != entry.name })
            let hint = nearest.map { "; did you mean \"\($0)\"?" } ?? ""
            diagnostics.error(
                item.position,
                "\(DiagnosticList.quoted(item.written)) is not a scope of server \"\(server)\"\(hint)"
            )
        }
    }

    private mutating func checkGrants(_ scope: DecodedSection, sources: [String]) {
        for item in scope.list("granted_to") ?? [] {
            checkGrantee(item, scope, sources: sources)
        }
    }

    private mutating func checkGrantee(
        _ item: DecodedValue, _ scope: DecodedSection, sources: [String]
    ) {
        guard let text = item.text else { return }
        if text.hasPrefix("client:"), text.count > "client:".count { return }
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let isNamed = ["user:", "group:"].contains { kind in
            parts.count == 2 && parts[1].hasPrefix(kind) && parts[1].count > kind.count
        }
        guard isNamed, let source = parts.first.map(String.init), !source.isEmpty else {
            refuseItem(
                item,
                sentence(
                    "granted_to", in: scope,
                    "must hold <sign-in>/user:…, <sign-in>/group:… or client:…"))
            return
        }
        guard !sources.contains(source) else { return }
        let nearest = EditDistance.nearest(to: source, among: sources)
        let hint = nearest.map { "; did you mean \"\($0)\"?" } ?? ""
        // What a variable holds is not shown.
        let shown = item.written == text ? source : item.written
        diagnostics.error(
            item.position, "\(DiagnosticList.quoted(shown)) is not a name of \"sign_in\"\(hint)")
    }

    /// Reports each circle of `includes` once, at the first scope of the file that is part of it.
    private mutating func checkCircles(_ scopes: [ScopeDefinition], _ entries: [DecodedName]) {
        let includes = Dictionary(uniqueKeysWithValues: scopes.map { ($0.name, $0.includes) })
        var reported: Set<String> = []
        for entry in entries where !reported.contains(entry.name) {
            guard let way = Self.way(from: entry.name, backIn: includes) else { continue }
            reported.formUnion(way)
            diagnostics.error(
                entry.position,
                "\"\(entry.name)\" includes itself: \(way.joined(separator: " → "))")
        }
    }

    /// The shortest way from a scope over its includes back to it, or nil where there is none.
    private static func way(from start: String, backIn includes: [String: [String]]) -> [String]? {
        var ways = [[start]]
        var seen: Set<String> = []
        while !ways.isEmpty {
            var longer: [[String]] = []
            for way in ways {
                for next in includes[way[way.count - 1]] ?? [] {
                    if next == start { return way + [next] }
                    if seen.insert(next).inserted { longer.append(way + [next]) }
                }
            }
            ways = longer
        }
        return nil
    }

    /// Warns of scopes that open nothing, neither themselves nor by what they include.
    private mutating func checkOpenings(_ scopes: [ScopeDefinition], _ entries: [DecodedName]) {
        // In a file that is refused anyway, what opens something may just have been misspelt.
        guard !diagnostics.hasErrors else { return }
        var opening = Set(
            scopes.filter {
                !($0.tools.isEmpty && $0.resources.isEmpty && $0.prompts.isEmpty
                    && $0.methods.isEmpty)
            }.map(\.name))
        var isGrowing = true
        while isGrowing {
            let more = scopes.filter {
                !opening.contains($0.name) && $0.includes.contains { opening.contains($0) }
            }
            opening.formUnion(more.map(\.name))
            isGrowing = !more.isEmpty
        }
        for entry in entries where !opening.contains(entry.name) {
            diagnostics.warning(
                entry.position,
                "scope \"\(entry.name)\" opens nothing: it has no tools, resources, prompts, methods or includes that do"
            )
        }
    }
}
