/// The elements of an array in the order of the text.
package struct JSONElements: Sequence, IteratorProtocol, Sendable {
    init(of value: JSONValue) {}

    /// The next element.
    package mutating func next() -> JSONValue? { nil }
}
