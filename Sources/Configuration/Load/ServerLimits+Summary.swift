internal import ResourceServer

extension ServerLimits {
    /// What is limited, a label and a text for each; nothing without limits of the server's own.
    ///
    /// `concurrent` is how many requests may be in flight where the server does not say.
    func summaries(concurrent: Int) -> [(String, String)] {
        var each = each
        if each.concurrentCount ?? .max >= concurrent { each.concurrentCount = nil }
        var texts: [String] = []
        if let text = each.summary { texts.append("\(text) for each user and client") }
        if let text = together.summary { texts.append("\(text) for all together") }
        for tool in tools {
            guard let text = tool.limits.summary else { continue }
            let whose = tool.isOfEach ? "each user and client" : "all together"
            texts.append("\(tool.pattern.text) \(text) for \(whose)")
        }
        return texts.enumerated().map { ($0.offset == 0 ? "limits" : "", $0.element) }
    }
}

extension RequestLimits {
    /// The limits as a phrase; nil for none.
    fileprivate var summary: String? {
        var parts: [String] = []
        if let requests { parts.append("\(requests)") }
        if let concurrentCount { parts.append("\(concurrentCount) at a time") }
        return parts.isEmpty ? nil : parts.joined(separator: " and ")
    }
}
