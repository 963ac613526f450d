import MCP

/// What is known of one upstream's tools, as it stands under the lock.
struct ToolSchemaState {
    /// What is known of one tool.
    private struct Entry {
        let headers: ParameterHeaders
        let size: Int
        let freshUntil: UInt64
    }

    /// Counts the announcements of changes.
    private(set) var generation: UInt64 = 0
    /// Whether somebody is asking for the list.
    var isAsked = false
    /// Who is told when he is done.
    var waiters: [@Sendable () -> Void] = []

    /// Tools with annotations only.
    private var tools: [[UInt8]: Entry] = [:]
    private var size = 0
    /// Until when a tool that is not among them has none.
    private var completeUntil: UInt64 = 0
    private var failure: (reason: UpstreamFailure, until: UInt64)?

    /// Whether any tool with annotations is known.
    var hasAnnotations: Bool { !tools.isEmpty }

    /// What is known of a tool; see ``ToolSchemas/knowledge(of:hasFields:)``.
    func knowledge(
        of tool: [UInt8], hasFields: Bool, at now: UInt64
    ) -> ToolKnowledge {
        let entry = tools[tool]
        if let entry, now < entry.freshUntil { return .annotated(entry.headers) }
        // Whoever has no such fields, for a tool of which nothing is known, is none of our business:
        // the server has to miss what is missing.
        guard entry != nil || hasFields else { return .plain }
        if now < completeUntil { return .plain }
        if let failure, now < failure.until { return .unavailable(failure.reason) }
        return .stale
    }

    /// Keeps the annotations of a list; false where they are more than may be kept.
    mutating func keep(_ list: AnnotatedTools, until: UInt64) -> Bool {
        if !tools.isEmpty {
            for name in list.names { forget(name) }
        }
        if tools.count + list.headers.count > ToolSchemas.toolLimit
            || size + list.size > ToolSchemas.sizeLimit
        {
            // What other lists left behind gives way to this one.
            tools = [:]
            size = 0
        }
        guard list.headers.count <= ToolSchemas.toolLimit, list.size <= ToolSchemas.sizeLimit else {
            return false
        }
        for (name, headers) in list.headers {
            let entry = Entry(
                headers: headers, size: name.count + headers.size, freshUntil: until)
            tools[name] = entry
            size += entry.size
        }
        return true
    }

    private mutating func forget(_ tool: [UInt8]) {
        guard let entry = tools.removeValue(forKey: tool) else { return }
        size -= entry.size
    }

    /// Forgets how fresh everything is.
    mutating func invalidate() {
        generation += 1
        completeUntil = 0
        failure = nil
        tools = tools.mapValues { Entry(headers: $0.headers, size: $0.size, freshUntil: 0) }
    }

    /// Takes what came of asking; a list that was outdated when it came is stale already.
    mutating func take(
        _ outcome: ToolListOutcome, isOutdated: Bool, at now: UInt64
    ) {
        switch outcome {
        case .listed(let list):
            let until = isOutdated ? 0 : now + ToolSchemas.lifetime(list.timeToLive)
            guard keep(list, until: until) else {
                let reason = "more annotated parameters than are kept"
                failure = (.broken(detail: reason), now + ToolSchemas.failureLifetime)
                return
            }
            failure = nil
            completeUntil = until
        case .failed(let reason):
            failure = (reason, now + ToolSchemas.failureLifetime)
        }
    }
}
