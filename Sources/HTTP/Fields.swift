/// The fields of one message in the order in which they came, RFC 9110 §5.
///
/// One array holds all bytes, another one entry per field line; nothing is a string until it is
/// asked for.
package struct Fields: Sendable {
    /// One field line; it shares the storage of the fields it came from.
    package struct Field: Sendable {
        let storage: [UInt8]
        let entry: Entry

        /// The interned name, or nil for a name that the gateway does not know.
        package var known: WellKnownField? { entry.known }
        /// The name as it was spelled.
        package var name: ArraySlice<UInt8> { storage[entry.name] }
        /// The value without leading and trailing whitespace.
        package var value: ArraySlice<UInt8> { storage[entry.value] }
    }

    struct Entry: Sendable, BitwiseCopyable {
        var nameStart: UInt32
        var nameEnd: UInt32
        var valueStart: UInt32
        var valueEnd: UInt32
        var known: WellKnownField?

        @inline(__always)
        var name: Range<Int> { Int(nameStart)..<Int(nameEnd) }

        @inline(__always)
        var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }

        /// Whether this is the interned name.
        @inline(__always)
        func isNamed(_ name: WellKnownField) -> Bool { known?.rawValue == name.rawValue }
    }

    var storage: [UInt8]
    var entries: [Entry]
    /// The well-known names that occur, a bit for each.
    var present: UInt64
    /// The well-known names that occur more than once, a bit for each.
    var repeated: UInt64

    /// No fields.
    package init() {
        self.init(storage: [], entries: [])
    }

    /// Fields whose bytes lie in `storage`, which may hold other bytes too.
    init(storage: [UInt8], entries: [Entry]) {
        self.storage = storage
        self.entries = entries
        self.present = 0
        self.repeated = 0
        for entry in entries { note(entry.known) }
    }

    private mutating func note(_ known: WellKnownField?) {
        guard let bit = known?.bit else { return }
        repeated |= present & bit
        present |= bit
    }

    /// Adds a field line at the end.
    package mutating func append(_ name: FieldName, _ value: String) {
        append(name, Array(value.utf8)[...])
    }

    /// Adds a field line at the end.
    package mutating func append(_ name: FieldName, _ value: ArraySlice<UInt8>) {
        let start = UInt32(storage.count)
        storage.append(contentsOf: name.description.utf8)
        let middle = UInt32(storage.count)
        storage.append(contentsOf: value)
        entries.append(
            Entry(
                nameStart: start, nameEnd: middle, valueStart: middle,
                valueEnd: UInt32(storage.count), known: name.known))
        note(name.known)
    }

    /// The number of field lines that carry this name.
    package func count(of name: FieldName) -> Int {
        guard let known = name.known else {
            return entries.count { matches($0, name) }
        }
        if present & known.bit == 0 { return 0 }
        return repeated & known.bit == 0 ? 1 : entries.count { $0.isNamed(known) }
    }

    /// Whether a field line carries this name.
    package func contains(_ name: FieldName) -> Bool { firstEntry(of: name) != nil }

    /// The value of the first field line with this name.
    package func bytes(of name: FieldName) -> ArraySlice<UInt8>? {
        if let known = name.known { return value(of: known) }
        guard let entry = firstEntry(of: name) else { return nil }
        return storage[entry.value]
    }

    /// The same for an interned name.
    @inline(__always)
    func value(of name: WellKnownField) -> ArraySlice<UInt8>? {
        guard let entry = firstEntry(of: name) else { return nil }
        return storage[entry.value]
    }

    /// The value of the first field line with this name as text; bytes that are no UTF-8 become
    /// U+FFFD.
    package subscript(_ name: FieldName) -> String? {
        bytes(of: name).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The values of all field lines with this name as text, in their order.
    package func values(of name: FieldName) -> [String] {
        entries.lazy.filter { matches($0, name) }
            .map { String(decoding: storage[$0.value], as: UTF8.self) }
    }

    private func firstEntry(of name: FieldName) -> Entry? {
        if let known = name.known { return firstEntry(of: known) }
        return entries.first { matches($0, name) }
    }

    @inline(__always)
    func firstEntry(of name: WellKnownField) -> Entry? {
        present & name.bit == 0 ? nil : presentEntry(of: name)
    }

    @inline(__always)
    private func presentEntry(of name: WellKnownField) -> Entry? {
        for index in 0..<entries.count where entries[index].isNamed(name) { return entries[index] }
        return nil
    }

    private func matches(_ entry: Entry, _ name: FieldName) -> Bool {
        if let known = name.known { return entry.isNamed(known) }
        return entry.known == nil && Self.equal(storage[entry.name], name.spelling)
    }

    private static func equal(_ bytes: ArraySlice<UInt8>, _ lowercase: String) -> Bool {
        bytes.count == lowercase.utf8.count
            && zip(bytes, lowercase.utf8).allSatisfy { $0.asciiLowercased == $1 }
    }
}

extension Fields: RandomAccessCollection {
    /// Always zero.
    package var startIndex: Int { 0 }
    /// The number of field lines.
    package var endIndex: Int { entries.count }
    /// The field line at this place of the order in which they came.
    package subscript(position: Int) -> Field {
        Field(storage: storage, entry: entries[position])
    }

    /// Gives the field lines in the order in which they came.
    package func makeIterator() -> Iterator { Iterator(storage: storage, entries: entries) }

    /// Gives field lines one by one.
    package struct Iterator: IteratorProtocol, Sendable {
        private let storage: [UInt8]
        private let entries: [Entry]
        private var position = 0

        fileprivate init(storage: [UInt8], entries: [Entry]) {
            self.storage = storage
            self.entries = entries
        }

        /// The next field line, or nil behind the last.
        package mutating func next() -> Field? {
            guard position < entries.count else { return nil }
            defer { position &+= 1 }
            return Field(storage: storage, entry: entries[position])
        }
    }
}

extension Fields {
    /// Calls `body` with each member of a comma-separated field, over all its field lines, in
    /// order.
    ///
    /// Empty members are skipped, RFC 9110 §5.6.1.2. Commas inside of quoted strings are not told
    /// apart, so this is for lists of tokens: Connection, Transfer-Encoding, Accept-Encoding and
    /// the like.
    package func forEachListMember(of name: FieldName, _ body: (ArraySlice<UInt8>) -> Void) {
        guard contains(name) else { return }
        for entry in entries where matches(entry, name) {
            var rest = storage[entry.value]
            while !rest.isEmpty {
                let end = rest.firstIndex(of: .comma) ?? rest.endIndex
                let member = rest[..<end].trimmingBlanks
                if !member.isEmpty { body(member) }
                rest = rest[end...].dropFirst()
            }
        }
    }

    /// Whether a comma-separated list of tokens has this member; `token` is in lower case.
    package func listContains(_ name: FieldName, _ token: StaticString) -> Bool {
        var found = false
        forEachListMember(of: name) { found = found || $0.equalsIgnoringCase(token) }
        return found
    }
}
