/// One value of a document: a reference, not a copy.
package struct JSONValue: Sendable {
    /// The seven kinds of value (RFC 8259 §3).
    package enum Kind: Sendable, Equatable {
        case object, array, string, number, `true`, `false`, null
    }

    let index: JSONIndex
    let position: Int

    init(index: JSONIndex, position: Int) {
        self.index = index
        self.position = position
    }

    /// What kind of value it is.
    package var kind: Kind { .null }

    /// Where the value lies in the document's bytes, with its quotes, brackets or braces.
    package var range: Range<Int> { 0..<0 }

    /// The bytes of the value as they were sent.
    package var rawBytes: ArraySlice<UInt8> { index.bytes[range] }

    /// The member of that name; nil if there is none or this is no object.
    package subscript(_ name: StaticString) -> JSONValue? { nil }

    /// The member of that name; nil if there is none or this is no object.
    package func member(_ name: String) -> JSONValue? { nil }

    /// The members in the order of the text; none unless this is an object.
    package var members: JSONMembers { JSONMembers(of: self) }

    /// The elements in the order of the text; none unless this is an array.
    package var elements: JSONElements { JSONElements(of: self) }

    /// The text of a string, unescaped; nil for another kind.
    package var string: String? { nil }

    /// The text of a string, unescaped, as UTF-8; nil for another kind.
    package var stringBytes: [UInt8]? { nil }

    /// The text of a string, unescaped, as UTF-8; nil for another kind.
    ///
    /// Allocates only if the string has escapes; otherwise it is a slice of the document's bytes.
    package var utf8: ArraySlice<UInt8>? { nil }

    /// Whether this is a string of exactly that text.
    ///
    /// Allocates nothing.
    package func isString(_ literal: StaticString) -> Bool { false }

    /// A number written as digits only, perhaps after a minus sign, that fits; nil otherwise.
    package var integer: Int64? { nil }

    /// `true` or `false`; nil for another kind.
    package var bool: Bool? { nil }
}
