/// How the fields of a request disagree with its body, or with what its revision requires.
package enum HeaderViolation: Error, Sendable, Hashable {
    /// `MCP-Protocol-Version` is there twice.
    case versionTwice
    /// The field or `_meta` names a revision that the gateway does not know.
    case versionUnsupported(requested: String)
    /// A modern request without `MCP-Protocol-Version`.
    case versionMissing
    /// `MCP-Protocol-Version` differs from `_meta`.
    case versionDiffers
    /// A modern request whose `_meta` names no protocol version.
    case metaVersionMissing
    /// A modern request whose `_meta` names no client capabilities.
    case metaCapabilitiesMissing
    /// A modern request without `Mcp-Method`.
    case methodMissing
    /// `Mcp-Method` is there twice.
    case methodTwice
    /// `Mcp-Method` is encoded wrongly.
    case methodUndecodable
    /// `Mcp-Method` differs from the body.
    case methodDiffers
    /// A modern request without the `Mcp-Name` that its method requires.
    case nameMissing
    /// `Mcp-Name` is there twice.
    case nameTwice
    /// `Mcp-Name` is encoded wrongly.
    case nameUndecodable
    /// `Mcp-Name` differs from the body, or the body names nothing.
    case nameDiffers
    /// A response sent by a client of 2026-07-28, which knows no requests to answer.
    case responseNotAllowed
    /// A field that repeats an argument is missing, the argument is not; the field's name.
    case parameterMissing(String)
    /// A field that repeats an argument is there twice, or beside or in a spelling that careless
    /// readers take for it.
    case parameterTwice(String)
    /// A field that repeats an argument is encoded wrongly.
    case parameterUndecodable(String)
    /// A field that repeats an argument differs from it.
    case parameterDiffers(String)
    /// A field that repeats an argument is there, the argument is not.
    case parameterUnexpected(String)
    /// The tool's definition does not say plainly which argument the field repeats.
    case parameterAmbiguous(String)
    /// An argument beside the one that a field repeats has the same name but for case.
    case parameterTwin(String)
}
