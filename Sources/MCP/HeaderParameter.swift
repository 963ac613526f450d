import HTTP

/// One `x-mcp-header` annotation of a tool: which argument is repeated in which field
/// (MCP 2026-07-28 basic/transports/streamable-http, custom headers from tool parameters).
package struct HeaderParameter: Sendable, Hashable {
    /// What the specification lets a mirrored argument be, and what is met beside it.
    package enum Kind: Sendable, Hashable {
        /// `string` and `boolean`, which are compared as text.
        case text
        /// `integer`, and `number`, which the specification forbids and some clients send: compared
        /// by value.
        case number
    }

    /// Where the argument stands.
    package enum Place: Sendable, Hashable {
        /// The names of members that lead to it, unescaped, from `params.arguments` on.
        case argument([[UInt8]])
        /// Nowhere that the annotation says plainly, so no value of the field can be right.
        case nowhere
    }

    /// `Mcp-Param-` and the name, as the annotation spells it.
    package let fieldName: String
    /// How values are compared.
    package let kind: Kind
    /// Where the argument stands.
    package let place: Place

    private let lowercaseName: [UInt8]

    /// An annotation of that name, which is a token (RFC 9110 §5.6.2).
    init(name: String, kind: Kind, place: Place) {
        fieldName = ParameterFields.prefix.description + name
        self.kind = kind
        self.place = place
        lowercaseName = fieldName.utf8.map(\.asciiLowercased)
    }

    /// What the field's name is compared with; equal for two annotations of which only one can be
    /// meant.
    var foldedName: [UInt8] { lowercaseName.map(\.foldedFieldByte) }

    /// Bytes that are kept for it, about.
    var size: Int {
        guard case .argument(let path) = place else { return fieldName.utf8.count }
        return path.reduce(fieldName.utf8.count) { $0 + $1.count }
    }

    /// Whether this is the field's name (RFC 9110 §5.1: in any case).
    func isNamed(_ name: ArraySlice<UInt8>) -> Bool {
        let (name, own) = (name.span, lowercaseName.span)
        guard name.count == own.count else { return false }
        for index in own.indices where name[index].asciiLowercased != own[index] { return false }
        return true
    }

    /// Whether a careless reader, who takes `_` for `-`, could take the name for the field's.
    func isFolded(from name: ArraySlice<UInt8>) -> Bool {
        let (name, own) = (name.span, lowercaseName.span)
        guard name.count == own.count else { return false }
        for index in own.indices
        where name[index].foldedFieldByte != own[index].foldedFieldByte { return false }
        return true
    }
}

extension UInt8 {
    /// The byte of a field's name as CGI and its kin take it: lower case, and a dash for whatever is
    /// no letter or digit.
    fileprivate var foldedFieldByte: UInt8 {
        switch self {
        case 0x41...0x5A: self | 0x20
        case 0x61...0x7A, 0x30...0x39: self
        default: UInt8(ascii: "-")
        }
    }
}
