/// Reads a YAML text into nodes.
///
/// A subset: anchors, aliases, tags, directives, merge keys and further documents are refused, each with its
/// place, because they make one key stand in two places or mean two things. Events are read rather than
/// libyaml's own tree, in which an alias can no longer be told from what it stands for.
struct YAMLReader {
    private let stream: YAMLEventStream
    private let limits: YAMLLimits
    private var nodeCount = 0

    /// Why reading stopped.
    private struct Stop: Error {
        let position: SourcePosition
        let message: String
    }

    private init(_ bytes: [UInt8], limits: YAMLLimits) {
        stream = YAMLEventStream(bytes)
        self.limits = limits
    }

    /// The root of a text, or nil where it is empty or not YAML, which is then reported.
    static func read(
        _ bytes: [UInt8], limits: YAMLLimits, into diagnostics: inout DiagnosticList
    ) -> YAMLNode? {
        guard bytes.count <= limits.fileSize else {
            diagnostics.error(
                .start, "the file has \(bytes.count) bytes; at most \(limits.fileSize) are read")
            return nil
        }
        // A byte order mark says nothing in UTF-8; libyaml takes it for content once told the encoding.
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
        var reader = YAMLReader(text, limits: limits)
        do throws(Stop) {
            return try reader.document(&diagnostics)
        } catch {
            diagnostics.error(error.position, error.message)
            return nil
        }
    }

    /// The one document of the stream.
    private mutating func document(_ diagnostics: inout DiagnosticList) throws(Stop) -> YAMLNode? {
        var root: YAMLNode?
        while true {
            let event = try next()
            switch event.kind {
            case .streamEnd:
                return root
            case .documentStart(let hasDirectives):
                guard root == nil else {
                    throw Stop(
                        position: event.position,
                        message: "a second document begins here; a file holds one")
                }
                if hasDirectives {
                    diagnostics.error(event.position, "directives (%) are not supported")
                }
                root = try node(from: next(), depth: 1, &diagnostics)
            case .alias, .scalar, .sequenceStart, .mappingStart, .collectionEnd, .other:
                continue
            }
        }
    }

    private func next() throws(Stop) -> YAMLEventStream.Event {
        do throws(YAMLEventStream.SyntaxError) {
            return try stream.next()
        } catch {
            throw Stop(position: error.position, message: "not YAML: \(error.message)")
        }
    }

    private mutating func node(
        from event: YAMLEventStream.Event, depth: Int, _ diagnostics: inout DiagnosticList
    ) throws(Stop) -> YAMLNode {
        nodeCount += 1
        guard nodeCount <= limits.nodeCount else {
            throw Stop(
                position: event.position,
                message: "the file has more than \(limits.nodeCount) values")
        }
        if event.isAnchored {
            diagnostics.error(event.position, "anchors (&) are not supported; write the value out")
        }
        if event.isTagged {
            diagnostics.error(event.position, "tags (!) are not supported")
        }
        let content = try content(of: event, depth: depth, &diagnostics)
        return YAMLNode(position: event.position, content: content)
    }

    private mutating func content(
        of event: YAMLEventStream.Event, depth: Int, _ diagnostics: inout DiagnosticList
    ) throws(Stop) -> YAMLNode.Content {
        switch event.kind {
        case .scalar(let text, let isPlain):
            return .scalar(YAMLScalar(text: text, written: text, isPlain: isPlain))
        case .alias:
            diagnostics.error(event.position, "aliases (*) are not supported; write the value out")
            return .refused
        case .sequenceStart:
            try check(depth, at: event.position)
            return .sequence(try items(depth: depth, &diagnostics))
        case .mappingStart:
            try check(depth, at: event.position)
            return .mapping(try entries(depth: depth, &diagnostics))
        case .streamEnd, .documentStart, .collectionEnd, .other:
            return .refused
        }
    }

    private func check(_ depth: Int, at position: SourcePosition) throws(Stop) {
        guard depth <= limits.depth else {
            throw Stop(
                position: position, message: "nested deeper than \(limits.depth) levels")
        }
    }

    private mutating func items(
        depth: Int, _ diagnostics: inout DiagnosticList
    ) throws(Stop) -> [YAMLNode] {
        var items: [YAMLNode] = []
        while true {
            let event = try next()
            if case .collectionEnd = event.kind { return items }
            items.append(try node(from: event, depth: depth + 1, &diagnostics))
        }
    }

    private mutating func entries(
        depth: Int, _ diagnostics: inout DiagnosticList
    ) throws(Stop) -> [YAMLEntry] {
        var entries: [YAMLEntry] = []
        var places: [String: SourcePosition] = [:]
        while true {
            let event = try next()
            if case .collectionEnd = event.kind { return entries }
            let key = try node(from: event, depth: depth + 1, &diagnostics)
            let value = try node(from: next(), depth: depth + 1, &diagnostics)
            guard case .scalar(let name) = key.content, !name.isNull else {
                if case .refused = key.content { continue }
                diagnostics.error(key.position, "a key must be text; found \(key.kindDescription)")
                continue
            }
            if name.isPlain, name.text == "<<" {
                diagnostics.error(
                    key.position, "merge keys (<<) are not supported; write the keys out")
                continue
            }
            if let first = places[name.text] {
                let shown = DiagnosticList.quoted(name.text)
                diagnostics.error(
                    key.position, "duplicate key \(shown); it stands on line \(first.line) already")
                continue
            }
            places[name.text] = key.position
            entries.append(YAMLEntry(key: name.text, position: key.position, value: value))
        }
    }
}
