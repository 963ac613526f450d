import JSON

/// A reader that matches names without regard to case, and up to a NUL, as some servers' libraries
/// do.
///
/// Where it finds more, or other, than a reader by the letter, a message means two things.
enum PlainReader {
    /// The members of `object` whose name could be taken for `name`.
    static func candidates(_ name: String, of object: JSONValue) -> [JSONValue] {
        object.members.filter { isAlike($0.name.string ?? "", name) }.map(\.value)
    }

    /// The member of that name by the letter.
    static func exact(_ name: String, of object: JSONValue) -> JSONValue? {
        object.members.first { ($0.name.string ?? "").utf8.elementsEqual(name.utf8) }?.value
    }

    /// Whether two names are the same once case is disregarded, letter by letter.
    private static func isAlike(_ one: String, _ other: String) -> Bool {
        let (one, other) = (one.unicodeScalars.prefix { $0 != "\0" }, other.unicodeScalars)
        return one.count == other.count
            && zip(one, other).allSatisfy { left, right in
                left == right
                    || left.properties.lowercaseMapping == right.properties.lowercaseMapping
                    || left.properties.uppercaseMapping == right.properties.uppercaseMapping
            }
    }
}
