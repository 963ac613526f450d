/// Changes to a document that leave every other byte as it was sent.
///
/// Changes must not overlap, and members are removed from or added to one array or object by one
/// call only.
package struct JSONEdit: Sendable {
    /// Bytes that take the place of some of the document's.
    private struct Change: Sendable {
        let range: Range<Int>
        let bytes: [UInt8]
    }

    private let document: JSONDocument
    private var changes: [Change] = []

    /// An edit of that document that changes nothing yet.
    package init(of document: JSONDocument) {
        self.document = document
    }

    /// Whether the edit changes nothing.
    package var isEmpty: Bool { changes.isEmpty }

    /// Puts `bytes` in the place of those in `range`.
    package mutating func replace(_ range: Range<Int>, with bytes: [UInt8]) {
        changes.append(Change(range: range, bytes: bytes))
    }

    /// Puts `bytes`, which are one JSON value, in the place of `value`.
    package mutating func replace(_ value: JSONValue, with bytes: [UInt8]) {
        replace(value.range, with: bytes)
    }

    /// Removes the elements of `array` for which `isRemoved` holds, and their commas.
    package mutating func removeElements<E: Error>(
        of array: JSONValue, where isRemoved: (JSONValue) throws(E) -> Bool
    ) throws(E) {
        var items: [(range: Range<Int>, isRemoved: Bool)] = []
        for element in array.elements {
            items.append((element.range, try isRemoved(element)))
        }
        remove(items)
    }

    /// Removes the members of `object` for which `isRemoved` holds, and their commas.
    package mutating func removeMembers<E: Error>(
        of object: JSONValue,
        where isRemoved: (_ name: JSONValue, _ value: JSONValue) throws(E) -> Bool
    ) throws(E) {
        var items: [(range: Range<Int>, isRemoved: Bool)] = []
        for (name, value) in object.members {
            let range = name.range.lowerBound..<value.range.upperBound
            items.append((range, try isRemoved(name, value)))
        }
        remove(items)
    }

    /// Removes what is marked, with the comma before it, or after it where nothing before is kept.
    private mutating func remove(_ items: [(range: Range<Int>, isRemoved: Bool)]) {
        var isFirst = true
        for (position, item) in items.enumerated() {
            guard item.isRemoved else {
                isFirst = false
                continue
            }
            if !isFirst {
                let start = items[position - 1].range.upperBound
                replace(start..<item.range.upperBound, with: [])
            } else if position + 1 < items.count {
                let end = items[position + 1].range.lowerBound
                replace(item.range.lowerBound..<end, with: [])
            } else {
                replace(item.range, with: [])
            }
        }
    }

    /// Gives the member `name` of `object` the value `bytes`, or adds it at the front.
    ///
    /// `bytes` are one JSON value; does nothing unless `object` is an object.
    package mutating func set(_ name: StaticString, of object: JSONValue, to bytes: [UInt8]) {
        guard object.kind == .object else { return }
        if let value = object[name] { return replace(value, with: bytes) }
        var member = JSONWriter(capacity: bytes.count + name.utf8CodeUnitCount + 8)
        member.name(name)
        member.raw(bytes)
        var isEmpty = true
        for _ in object.members {
            isEmpty = false
            break
        }
        let start = object.range.lowerBound + 1
        replace(start..<start, with: isEmpty ? member.bytes : member.bytes + [ASCII.comma])
    }

    /// The document's bytes with the changes made.
    package func apply() -> [UInt8] {
        let bytes = document.bytes
        guard !changes.isEmpty else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(changes.reduce(bytes.count) { $0 + $1.bytes.count })
        var position = 0
        for change in changes.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            precondition(change.range.lowerBound >= position, "changes must not overlap")
            result += bytes[position..<change.range.lowerBound]
            result += change.bytes
            position = change.range.upperBound
        }
        result += bytes[position...]
        return result
    }
}
