/// The members of an object in the order of the text.
package struct JSONMembers: Sequence, IteratorProtocol, Sendable {
    private let index: JSONIndex
    private var position: Int
    private let end: Int

    init(of value: JSONValue) {
        index = value.index
        position = value.position + 1
        end = value.kind == .object ? value.end : position
    }

    /// The next member: its name, which is a string, and its value.
    package mutating func next() -> (name: JSONValue, value: JSONValue)? {
        guard position < end else { return nil }
        let name = JSONValue(index: index, position: position)
        let value = JSONValue(index: index, position: position + 1)
        position = value.end
        return (name, value)
    }
}
