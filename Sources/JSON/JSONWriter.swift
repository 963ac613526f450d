/// Writes a JSON text without whitespace, value by value.
///
/// Commas are the writer's affair; that every name is followed by a value, and that what is begun
/// is ended, is the caller's.
package struct JSONWriter: Sendable {
    /// What has been written so far.
    package private(set) var bytes: [UInt8]
    private var needsComma = false

    /// A writer that has written nothing, with room for `capacity` bytes.
    package init(capacity: Int = 256) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Begins an object; names and values follow in turn.
    package mutating func beginObject() {}

    /// Ends the innermost object.
    package mutating func endObject() {}

    /// Begins an array; values follow.
    package mutating func beginArray() {}

    /// Ends the innermost array.
    package mutating func endArray() {}

    /// Writes the name of a member whose value follows.
    package mutating func name(_ name: StaticString) {}

    /// Writes the name of a member whose value follows.
    package mutating func name(_ name: String) {}

    /// Writes a string.
    package mutating func string(_ value: String) {}

    /// Writes a string.
    package mutating func string(_ value: StaticString) {}

    /// Writes a number.
    package mutating func integer(_ value: some BinaryInteger) {}

    /// Writes `true` or `false`.
    package mutating func bool(_ value: Bool) {}

    /// Writes `null`.
    package mutating func null() {}

    /// Writes bytes that are one JSON value already.
    package mutating func raw(_ bytes: some Collection<UInt8>) {}

    /// Writes a value of a document as it stands there.
    package mutating func value(_ value: JSONValue) {}
}
