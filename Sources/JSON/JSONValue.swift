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

    /// What kind of value it is.
    package var kind: Kind {
        switch node.tag.kind {
        case .object: .object
        case .array: .array
        case .string: .string
        case .number: .number
        case .true: .true
        case .false: .false
        default: .null
        }
    }

    /// Where the value lies in the document's bytes, with its quotes, brackets or braces.
    package var range: Range<Int> { Int(node.start)..<Int(node.end) }

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
            if nodes[candidate].link == fingerprint, isString(nodes[candidate], name) {
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
    package var utf8: ArraySlice<UInt8>? {
        let bytes = index.bytes
        return switch node.tag {
        case .string: bytes[node.content]
        case .escapedString: bytes.span.unescaped(node.content)[...]
        default: nil
        }
    }

    /// Whether this is a string of exactly that text.
    ///
    /// Allocates only if the string has escapes.
    package func isString(_ literal: StaticString) -> Bool {
        literal.withUTF8Buffer { isString(node, unsafe $0.span) }
    }

    @inline(__always)
    private func isString(_ node: JSONNode, _ text: Span<UInt8>) -> Bool {
        let bytes = index.bytes
        switch node.tag {
        case .string:
            return bytes.span.equals(text, in: node.content)
        case .escapedString:
            let unescaped = bytes.span.unescaped(node.content)
            return text.equals(unescaped.span, in: 0..<text.count)
        default:
            return false
        }
    }

    /// A number written as digits only, perhaps after a minus sign, that fits; nil otherwise.
    package var integer: Int64? {
        guard node.tag == .integer else { return nil }
        let bytes = index.bytes
        let isNegative = bytes[range.lowerBound] == ASCII.minus
        var value: Int64 = 0
        for offset in range.lowerBound + (isNegative ? 1 : 0)..<range.upperBound {
            let digit = Int64(bytes[offset] - ASCII.zero)
            let (tens, overflows) = value.multipliedReportingOverflow(by: 10)
            let (sum, sumOverflows) =
                isNegative
                ? tens.subtractingReportingOverflow(digit) : tens.addingReportingOverflow(digit)
            if overflows || sumOverflows { return nil }
            value = sum
        }
        return value
    }

    /// `true` or `false`; nil for another kind.
    package var bool: Bool? {
        switch node.tag {
        case .true: true
        case .false: false
        default: nil
        }
    }
}
