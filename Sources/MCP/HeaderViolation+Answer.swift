import JSON

extension HeaderViolation {
    /// The answer to a request of that era: HTTP 400.
    ///
    /// Earlier revisions get -32600: a client of both eras would take -32020 or -32022 as proof of
    /// a server of 2026-07-28 (MCP 2026-07-28 basic/versioning).
    package func answer(for era: ProtocolEra) -> JSONRPCError {
        JSONRPCError(
            code: era == .modern ? modernCode : JSONRPCError.invalidRequest, message: sentence,
            data: era == .modern ? modernData : nil, status: 400)
    }

    private var modernCode: Int {
        switch self {
        case .versionUnsupported: JSONRPCError.unsupportedProtocolVersion
        case .metaVersionMissing, .metaCapabilitiesMissing: JSONRPCError.invalidParams
        case .responseNotAllowed: JSONRPCError.invalidRequest
        case .versionTwice, .versionMissing, .versionDiffers, .methodMissing, .methodTwice,
            .methodUndecodable, .methodDiffers, .nameMissing, .nameTwice, .nameUndecodable,
            .nameDiffers, .parameterMissing, .parameterTwice, .parameterUndecodable,
            .parameterDiffers, .parameterUnexpected, .parameterAmbiguous, .parameterTwin:
            JSONRPCError.headerMismatch
        }
    }

    /// `{supported, requested}` of -32022.
    private var modernData: [UInt8]? {
        guard case .versionUnsupported(let requested) = self else { return nil }
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("supported")
        writer.beginArray()
        for revision in ProtocolRevision.allCases { writer.string(revision.rawValue) }
        writer.endArray()
        writer.name("requested")
        writer.string(requested)
        writer.endObject()
        return writer.bytes
    }

    /// One plain sentence that is safe to send.
    package var sentence: String {
        switch self {
        case .versionTwice: "MCP-Protocol-Version is there twice"
        case .versionUnsupported: "Unsupported protocol version"
        case .versionMissing: "MCP-Protocol-Version is missing"
        case .versionDiffers: "MCP-Protocol-Version differs from params._meta"
        case .metaVersionMissing:
            "params._meta lacks io.modelcontextprotocol/protocolVersion"
        case .metaCapabilitiesMissing:
            "params._meta lacks io.modelcontextprotocol/clientCapabilities"
        case .methodMissing: "Mcp-Method is missing"
        case .methodTwice: "Mcp-Method is there twice"
        case .methodUndecodable: "Mcp-Method is encoded wrongly"
        case .methodDiffers: "Mcp-Method differs from the body's method"
        case .nameMissing: "Mcp-Name is missing"
        case .nameTwice: "Mcp-Name is there twice"
        case .nameUndecodable: "Mcp-Name is encoded wrongly"
        case .nameDiffers: "Mcp-Name differs from what the body names"
        case .parameterMissing(let name): "\(name) is missing, though the body has its argument"
        case .parameterTwice(let name): "\(name) is there twice or in two spellings"
        case .parameterUndecodable(let name): "\(name) is encoded wrongly"
        case .parameterDiffers(let name): "\(name) differs from the body's argument"
        case .parameterUnexpected(let name): "\(name) is there, though the body lacks its argument"
        case .parameterAmbiguous(let name):
            "\(name) stands for nothing that the tool's definition says plainly"
        case .parameterTwin(let name):
            "An argument could be taken for the one that \(name) repeats"
        case .responseNotAllowed: "Responses are not accepted in this protocol version"
        }
    }
}
