/// Changes to a document that leave every other byte as it was sent.
///
/// Changes must not overlap, and an array or object has its members removed or added by one call
/// only.
package struct JSONEdit: Sendable {
    private let document: JSONDocument

    /// An edit of that document that changes nothing yet.
    package init(of document: JSONDocument) {
        self.document = document
    }

    /// Whether the edit changes nothing.
    package var isEmpty: Bool { true }

    /// Puts `bytes` in the place of those in `range`.
    package mutating func replace(_ range: Range<Int>, with bytes: [UInt8]) {}

    /// Puts `bytes`, which are one JSON value, in the place of `value`.
    package mutating func replace(_ value: JSONValue, with bytes: [UInt8]) {}

    /// Removes the elements of `array` for which `isRemoved` holds, and their commas.
    package mutating func removeElements(
        of array: JSONValue, where isRemoved: (JSONValue) -> Bool
    ) {}

    /// Removes the members of `object` for which `isRemoved` holds, and their commas.
    package mutating func removeMembers(
        of object: JSONValue, where isRemoved: (_ name: JSONValue, _ value: JSONValue) -> Bool
    ) {}

    /// Gives the member `name` of `object` the value `bytes`, adding it at the front if missing.
    package mutating func set(_ name: StaticString, of object: JSONValue, to bytes: [UInt8]) {}

    /// The document's bytes with the changes made.
    package func apply() -> [UInt8] { document.bytes }
}
