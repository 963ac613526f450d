/// The elements of an array in the order of the text.
package struct JSONElements: Sequence, IteratorProtocol, Sendable {
    private let index: JSONIndex
    private var position: Int
    private let end: Int

    init(of value: JSONValue) {
        index = value.index
        position = value.position + 1
        end = value.kind == .array ? value.end : position
    }

    /// The next element.
    package mutating func next() -> JSONValue? {
        guard position < end else { return nil }
        let element = JSONValue(index: index, position: position)
        position = element.end
        return element
    }
}
