/// The members of an object in the order of the text.
package struct JSONMembers: Sequence, IteratorProtocol, Sendable {
    init(of value: JSONValue) {}

    /// The next member: its name, which is a string, and its value.
    package mutating func next() -> (name: JSONValue, value: JSONValue)? { nil }
}
