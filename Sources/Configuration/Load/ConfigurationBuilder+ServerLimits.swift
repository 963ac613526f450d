internal import ResourceServer

extension ConfigurationBuilder {
    /// The limits of one server; what it does not say itself is that of the whole gateway.
    mutating func serverLimits(
        _ section: DecodedSection, root: DecodedSection
    ) -> ServerLimits? {
        guard let own = section.section("limits"), let all = root.section("limits") else {
            return nil
        }
        let tools = toolLimits(own)
        guard let body = own.count("body") ?? all.count("body"),
            let concurrent = own.count("concurrent") ?? all.count("concurrent")
        else { return nil }
        return ServerLimits(
            body: body,
            each: RequestLimits(requests: own.rate("requests"), concurrentCount: concurrent),
            together: own.section("server").map(Self.requestLimits) ?? RequestLimits(),
            tools: tools)
    }

    private static func requestLimits(_ section: DecodedSection) -> RequestLimits {
        RequestLimits(
            requests: section.rate("requests"), concurrentCount: section.count("concurrent"))
    }

    private mutating func toolLimits(_ section: DecodedSection) -> [ToolLimits] {
        let items = section.list("tools") ?? []
        if let first = items.dropFirst(ServerLimits.maximumToolCount).first {
            diagnostics.error(
                first.position,
                sentence(
                    "tools", in: section, "must hold at most \(ServerLimits.maximumToolCount) items"
                ))
        }
        var limits: [ToolLimits] = []
        for item in items {
            guard case .section(let entry) = item.content, let tool = toolLimit(entry) else {
                continue
            }
            let isDouble = limits.contains {
                $0.isOfEach == tool.isOfEach
                    && $0.pattern.text.utf8.elementsEqual(tool.pattern.text.utf8)
            }
            if isDouble {
                refuse("name", in: entry, "has such a limit already")
            } else {
                limits.append(tool)
            }
        }
        return limits
    }

    private mutating func toolLimit(_ entry: DecodedSection) -> ToolLimits? {
        guard let name = entry.text("name"), let each = entry.text("each") else { return nil }
        guard let pattern = Pattern(name) else {
            diagnostics.error(
                entry["name"]?.position,
                sentence(
                    "name", in: entry,
                    "must be a pattern of at most \(Pattern.maximumLength) bytes"))
            return nil
        }
        guard entry.present.contains("requests") || entry.present.contains("concurrent") else {
            refuse("name", in: entry, "limits nothing without \"requests\" or \"concurrent\"")
            return nil
        }
        return ToolLimits(
            pattern: pattern, limits: Self.requestLimits(entry), isOfEach: each == "principal")
    }
}
