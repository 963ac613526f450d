/// The name of a field, RFC 9110 §5.1, in lower case; names are compared without regard to case.
///
/// Names that the gateway knows are a small integer, so that looking them up compares integers.
package struct FieldName: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The interned name, or nil for a name that the gateway does not know.
    package let known: WellKnownField?
    /// The lower-case spelling of a name that is not well-known, else empty.
    let spelling: String

    /// The interned name.
    package init(_ known: WellKnownField) {
        self.known = known
        self.spelling = ""
    }

    /// Any name; upper-case ASCII letters are lowered.
    ///
    /// - Precondition: `name` is a token, RFC 9110 §5.6.2.
    package init(_ name: String) {
        let bytes = name.utf8.map(\.asciiLowercased)
        precondition(
            !bytes.isEmpty && bytes.allSatisfy(\.isTokenByte), "a field name is a token: \(name)")
        self.known = WellKnownField(matching: bytes.span)
        self.spelling = self.known == nil ? String(decoding: bytes, as: UTF8.self) : ""
    }

    /// Whether the bytes are a name that a field may have: a token, RFC 9110 §5.6.2.
    package static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy(\.isTokenByte)
    }

    /// A name written in the source, in any case.
    package init(stringLiteral name: String) { self.init(name) }

    /// The lower-case spelling.
    package var description: String { known.map { "\($0.spelling)" } ?? spelling }

    /// `Host`.
    package static var host: FieldName { FieldName(.host) }
    /// `Connection`.
    package static var connection: FieldName { FieldName(.connection) }
    /// `Content-Length`.
    package static var contentLength: FieldName { FieldName(.contentLength) }
    /// `Transfer-Encoding`.
    package static var transferEncoding: FieldName { FieldName(.transferEncoding) }
    /// `Content-Type`.
    package static var contentType: FieldName { FieldName(.contentType) }
    /// `Content-Encoding`.
    package static var contentEncoding: FieldName { FieldName(.contentEncoding) }
    /// `Authorization`.
    package static var authorization: FieldName { FieldName(.authorization) }
    /// `Origin`.
    package static var origin: FieldName { FieldName(.origin) }
    /// `Expect`.
    package static var expect: FieldName { FieldName(.expect) }
    /// `Accept`.
    package static var accept: FieldName { FieldName(.accept) }
    /// `Mcp-Session-Id`.
    package static var mcpSessionID: FieldName { FieldName(.mcpSessionID) }
    /// `MCP-Protocol-Version`.
    package static var mcpProtocolVersion: FieldName { FieldName(.mcpProtocolVersion) }
    /// `Mcp-Method`.
    package static var mcpMethod: FieldName { FieldName(.mcpMethod) }
    /// `Mcp-Name`.
    package static var mcpName: FieldName { FieldName(.mcpName) }
    /// `Last-Event-ID`.
    package static var lastEventID: FieldName { FieldName(.lastEventID) }
}
