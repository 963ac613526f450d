import JSON

/// The tools of a list that have arguments which callers repeat in fields.
package struct AnnotatedTools: Sendable {
    /// What fields each of them has, by the tool's name.
    package private(set) var headers: [[UInt8]: ParameterHeaders] = [:]
    /// The names of all tools of the list.
    package private(set) var names: [[UInt8]] = []
    /// Bytes that are kept for it, about.
    package private(set) var size = 0
    /// How long the list may be relied on, in milliseconds, as its last page has it; 0 where that
    /// is not said (MCP 2026-07-28 server/utilities/caching).
    package private(set) var timeToLive: UInt64 = 0

    /// No tools.
    package init() {}

    /// The tools of one page of `tools/list`.
    package init(of list: ListResult) {
        add(list)
    }

    /// Bytes that it takes to keep all of this, about.
    package var weight: Int { names.reduce(size) { $0 + $1.count + 32 } }

    /// Adds a page of `tools/list`.
    package mutating func add(_ list: ListResult) {
        timeToLive = list.timeToLive
        list.forEachTool { name, range, schema in
            names.append(Array(name))
            // Most tools have none, and looking at their bytes costs less than at their schemas.
            guard let schema, list.document.mayHoldAnnotation(in: range),
                let found = ParameterHeaders(inputSchema: schema, of: list.document)
            else { return }
            size += name.count + found.size
            headers[Array(name)] = found
        }
    }
}

/// Whether a list has another page (MCP server/utilities/pagination).
package enum NextPage: Sendable, Hashable {
    /// This was the last one.
    case none
    /// It is asked for with this cursor.
    case cursor(String)
    /// `nextCursor` is no string.
    case unreadable
}

/// The members of a tool that are read here; the name is read where lists are filtered.
private let schemaNames = JSONNames(["inputSchema"])

extension ListResult {
    /// `ttlMs`; 0 where it is absent, negative or no whole number.
    var timeToLive: UInt64 {
        UInt64(max(0, result["ttlMs"]?.integer ?? 0))
    }

    /// What `nextCursor` says.
    package var nextPage: NextPage {
        guard let cursor = result["nextCursor"], cursor.kind != .null else { return .none }
        return cursor.string.map { .cursor($0) } ?? .unreadable
    }

    /// Hands over each tool's name, where it lies, and its schema.
    fileprivate func forEachTool(
        _ body: (ArraySlice<UInt8>, Range<Int>, JSONPosition?) -> Void
    ) {
        for item in items where item.kind == .tools {
            var members = document.memberPositions(at: item.place)
            var schema: JSONPosition?
            while let member = document.next(&members, in: schemaNames) {
                if member.index != nil { schema = member.value }
            }
            body(item.name, item.range, schema)
        }
    }
}
