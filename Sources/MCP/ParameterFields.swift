package import HTTP

/// The fields in which a client repeats arguments of a call: `Mcp-Param-*`
/// (MCP 2026-07-28 basic/transports/streamable-http).
package enum ParameterFields {
    /// What their names begin with.
    package static let prefix: StaticString = "Mcp-Param-"
    /// The same in lower case.
    package static let lowercasePrefix: StaticString = "mcp-param-"

    /// Whether the name begins with the prefix, in any case but with no other byte for a dash.
    package static func isNamePlain(_ name: ArraySlice<UInt8>) -> Bool {
        name.prefix(prefix.utf8CodeUnitCount).equalsIgnoringCase(lowercasePrefix)
    }

    /// Whether one of the fields is such a field.
    package static func occur(in fields: Fields) -> Bool {
        fields.hasName(beginningWith: lowercasePrefix)
    }
}
