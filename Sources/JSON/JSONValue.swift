/// One value of a document: a reference, not a copy.
package struct JSONValue: Sendable {
    /// The seven kinds of value (RFC 8259 §3).
    package enum Kind: Sendable, Equatable {
        case object, array, string, number, `true`, `false`, null
    }

    let index: JSONIndex
    /// The value's node.
    let position: Int

    init(index: JSONIndex, position: Int) {
        self.index = index
        self.position = position
    }

    private var node: JSONNode { index.nodes[position] }

    /// The node after this one and all of its content; this must not be a name.
    var end: Int { Int(node.link) }

    /// Its place in the document.
    package var place: JSONPosition { JSONPosition(position) }

    /// What kind of value it is.
    package var kind: Kind { node.kind }

    /// Where the value lies in the document's bytes, with its quotes, brackets or braces.
    package var range: Range<Int> { node.range }

    /// The bytes of the value as they were sent.
    package var rawBytes: ArraySlice<UInt8> { index.bytes[range] }

    /// The member of that name; nil if there is none or this is no object.
    package subscript(_ name: StaticString) -> JSONValue? {
        name.withUTF8Buffer { member(unsafe $0.span) }
    }

    /// The member of that name; nil if there is none or this is no object.
    package func member(_ name: String) -> JSONValue? {
        var name = name
        return name.withUTF8 { member(unsafe $0.span) }
    }

    private func member(_ name: Span<UInt8>) -> JSONValue? {
        let object = node
        guard object.tag == .object else { return nil }
        let fingerprint = name.fingerprint(of: 0..<name.count)
        let nodes = index.nodes
        var candidate = position + 1
        while candidate < Int(object.link) {
            if nodes[candidate].link == fingerprint,
                index.isString(nodes[candidate], name)
            {
                return JSONValue(index: index, position: candidate + 1)
            }
            candidate = Int(nodes[candidate + 1].link)
        }
        return nil
    }

    /// The members in the order of the text; none unless this is an object.
    package var members: JSONMembers { JSONMembers(of: self) }

    /// The elements in the order of the text; none unless this is an array.
    package var elements: JSONElements { JSONElements(of: self) }

    /// The text of a string, unescaped; nil for another kind.
    package var string: String? {
        utf8.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The text of a string, unescaped, as UTF-8; nil for another kind.
    package var stringBytes: [UInt8]? {
        utf8.map { Array($0) }
    }

    /// The text of a string, unescaped, as UTF-8; nil for another kind.
    ///
    /// Allocates only if the string has escapes; otherwise it is a slice of the document's bytes.
    package var utf8: ArraySlice<UInt8>? { index.utf8(of: node) }

    /// Whether this is a string of exactly that text.
    ///
    /// Allocates only if the string has escapes.
    package func isString(_ literal: StaticString) -> Bool {
        literal.withUTF8Buffer { index.isString(node, unsafe $0.span) }
    }

    /// A number written as digits only, perhaps after a minus sign, that fits; nil otherwise.
    package var integer: Int64? { index.integer(of: node) }

    /// `true` or `false`; nil for another kind.
    package var bool: Bool? {
        switch node.tag {
        case .true: true
        case .false: false
        default: nil
        }
    }
}
