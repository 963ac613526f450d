/// Names that are looked for among the members of an object.
package struct JSONNames: Sendable {
    /// One name; its bytes are those of `text` from `start` on.
    private struct Entry: BitwiseCopyable, Sendable {
        let fingerprint: UInt32
        let start: UInt32
        let length: UInt32
    }

    private let text: [UInt8]
    private let entries: [Entry]

    /// The names in the order in which they are counted from zero.
    package init(_ names: [String]) {
        var text: [UInt8] = []
        var entries: [Entry] = []
        for name in names {
            let start = text.count
            text += name.utf8
            entries.append(
                Entry(
                    fingerprint: text.span.fingerprint(of: start..<text.count),
                    start: UInt32(truncatingIfNeeded: start),
                    length: UInt32(truncatingIfNeeded: text.count - start)))
        }
        self.text = text
        self.entries = entries
    }

    /// Which of the names the member's name is once unescaped; nil if none.
    @inline(__always)
    func index(of name: JSONNode, in document: JSONIndex) -> Int? {
        let entries = entries.span
        for index in entries.indices
        where entries[index].fingerprint == name.link && isName(entries[index], name, in: document)
        {
            return index
        }
        return nil
    }

    @inline(never)
    private func isName(_ entry: Entry, _ name: JSONNode, in document: JSONIndex) -> Bool {
        let start = Int(entry.start)
        let known = text.span.extracting(start..<start + Int(entry.length))
        return document.isString(name, known)
    }
}
