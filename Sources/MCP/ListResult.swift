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
    }

    /// All items in the order of the text.
    package let items: [Item]

    /// The lists that `message` holds; nil if it holds none.
    ///
    /// - Parameters:
    ///   - message: a message of the server.
    ///   - method: the method of the request that it answers; nil if that is not known, then the
    ///     shape decides.
    /// - Throws: what makes the answer one that must not be passed on.
    package init?(in message: Message, answering method: MCPMethod?) throws(ListViolation) {
        return nil
    }

    /// The bytes of the answer with only those items for which `keep` holds; nil if nothing
    /// changes.
    ///
    /// Kept items and `nextCursor` stay byte for byte. On 2026-07-28 `cacheScope` becomes
    /// `private` (MCP 2026-07-28 server/utilities/caching).
    package func filtered(
        for revision: ProtocolRevision, keep: (Item) throws -> Bool
    ) rethrows -> [UInt8]? { nil }
}
