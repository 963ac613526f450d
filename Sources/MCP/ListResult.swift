import JSON

/// The lists in one answer, with the name and place of each item.
package struct ListResult: Sendable {
    /// One item of a list.
    package struct Item: Sendable {
        /// Which list it stands in.
        package let kind: ListKind
        /// `name`, `uri` or `uriTemplate`: the bytes that the JSON text spells, unescaped.
        package let name: ArraySlice<UInt8>
        /// Where the item lies in the document's bytes.
        package let range: Range<Int>
        /// The item's place in the document.
        let place: JSONPosition
    }

    /// All items in the order of the text.
    package private(set) var items: [Item] = []

    let document: JSONDocument
    let result: JSONValue
    private var lists: [JSONValue] = []

    /// The lists that `message` holds; nil if it holds none that is to be filtered.
    ///
    /// Where a list is expected, or nothing is known, every list in the result is read: a client
    /// may show one that it did not ask for.
    ///
    /// - Parameters:
    ///   - message: a message of the server.
    ///   - method: the method of the request that it answers; nil if that is not known, then the
    ///     shape decides.
    /// - Throws: what makes the answer one that must not be passed on.
    package init?(in message: Message, answering method: MCPMethod?) throws(ListViolation) {
        guard let result = message.result else { return nil }
        var expected: ListKind?
        if let method {
            guard case .list(let kind) = method.requirement else { return nil }
            expected = kind
        }
        document = message.document
        self.result = result
        var found: [(kind: ListKind, value: JSONValue)] = []
        try resultNames.read(result.place, of: document, twin: .nameTwin) {
            key, position throws(ListViolation) in
            if let kind = key.list { found.append((kind, document.value(at: position))) }
        }
        if let expected, !found.contains(where: { $0.kind == expected }) { throw .listMissing }
        if found.isEmpty { return nil }
        for (kind, value) in found { try read(value, as: kind) }
    }

    private mutating func read(
        _ list: JSONValue, as kind: ListKind
    ) throws(ListViolation) {
        guard list.kind == .array else { throw .listNotArray }
        lists.append(list)
        var seen: Set<ExactBytes> = []
        seen.reserveCapacity(256)
        for item in list.elements {
            guard item.kind == .object else { throw .itemNotObject }
            guard let position = try kind.name(of: item.place, in: document),
                let name = document.utf8(at: position)
            else { throw .itemNameUnreadable }
            guard seen.insert(ExactBytes(name)).inserted else { throw .itemNameTwice }
            items.append(Item(kind: kind, name: name, range: item.range, place: item.place))
        }
    }

    /// The bytes of the answer with only those items for which `keep` holds; nil if nothing
    /// changes.
    ///
    /// Kept items and `nextCursor` stay byte for byte. On 2026-07-28 `cacheScope` becomes
    /// `private` (MCP 2026-07-28 server/utilities/caching).
    package func filtered(for revision: ProtocolRevision, keep: (Item) -> Bool) -> [UInt8]? {
        let isKept = items.map(keep)
        var edit = JSONEdit(of: document)
        if isKept.contains(false) {
            var index = 0
            for list in lists {
                edit.removeElements(of: list) { _ in
                    defer { index += 1 }
                    return !isKept[index]
                }
            }
        }
        if revision.era == .modern { edit.setPrivateCacheScope(of: result) }
        return edit.isEmpty ? nil : edit.apply()
    }
}

/// The members of a result that are read.
enum ResultMember: String, CaseIterable {
    case tools, prompts, resources, resourceTemplates, cacheScope

    fileprivate var list: ListKind? {
        switch self {
        case .tools: .tools
        case .prompts: .prompts
        case .resources: .resources
        case .resourceTemplates: .resourceTemplates
        case .cacheScope: nil
        }
    }
}

let resultNames = MemberNames<ResultMember>()

/// Bytes that are equal only if they are the same; hashed as a whole.
private struct ExactBytes: Hashable {
    private let bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    func hash(into hasher: inout Hasher) {
        unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }
}
