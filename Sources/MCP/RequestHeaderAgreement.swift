package import HTTP

/// The revision a message is to be judged by, once its fields were found to agree with its body.
///
/// The body decides what is asked; fields are compared with it and never believed
/// (MCP 2026-07-28 basic/transports/streamable-http, server validation).
package struct RequestHeaderAgreement: Sendable, Equatable {
    /// The revision of the request.
    package let revision: ProtocolRevision

    /// Compares `MCP-Protocol-Version`, `Mcp-Method` and `Mcp-Name` with the message.
    ///
    /// - Throws: the first disagreement and the era to answer it in.
    package init(of fields: Fields, with message: Message) throws(HeaderDisagreement) {
        let field = fields.bytes(of: .mcpProtocolVersion)
        let named = field.flatMap { ProtocolRevision(utf8: $0) }
        let era = Self.era(field, named, message)
        do throws(HeaderViolation) {
            switch era {
            case .modern: revision = try Self.modern(fields, named, message)
            case .legacy: revision = try Self.legacy(fields, named, message)
            }
        } catch {
            throw HeaderDisagreement(violation: error, era: era)
        }
    }

    /// The era that the message is of, whether or not the fields agree with it.
    package static func era(of fields: Fields, _ message: Message) -> ProtocolEra {
        let field = fields.bytes(of: .mcpProtocolVersion)
        return era(field, field.flatMap { ProtocolRevision(utf8: $0) }, message)
    }

    /// A protocol version in `_meta` or a field of 2026-07-28 is modern, all else is legacy.
    ///
    /// A version that a legacy client repeats in `_meta` leaves it a legacy client.
    private static func era(
        _ field: ArraySlice<UInt8>?, _ revision: ProtocolRevision?, _ message: Message
    ) -> ProtocolEra {
        if revision?.era == .modern { return .modern }
        guard let meta = message.metadata.protocolVersion else { return .legacy }
        if let field, revision != nil, field.elementsEqual(meta.utf8) { return .legacy }
        return .modern
    }

    private static func modern(
        _ fields: Fields, _ revision: ProtocolRevision?, _ message: Message
    ) throws(HeaderViolation) -> ProtocolRevision {
        switch message.kind {
        case .request: try requireMetadata(message)
        // Only requests need `_meta`, and what notifications need in fields is left open.
        case .notification: break
        case .response: throw .responseNotAllowed
        }
        guard fields.count(of: .mcpProtocolVersion) < 2 else { throw .versionTwice }
        guard let field = fields.bytes(of: .mcpProtocolVersion) else { throw .versionMissing }
        if let meta = message.metadata.protocolVersion, !field.elementsEqual(meta.utf8) {
            throw .versionDiffers
        }
        try compareMethod(fields, message, isRequired: message.kind != .notification)
        try compareName(fields, message, isRequired: message.kind != .notification)
        // After the comparisons: who disagrees with himself is told that first.
        guard let revision, revision.era == .modern else {
            throw .versionUnsupported(requested: String(decoding: field, as: UTF8.self))
        }
        return revision
    }

    /// MCP 2026-07-28 basic: what every request carries in `_meta`.
    private static func requireMetadata(_ message: Message) throws(HeaderViolation) {
        guard message.metadata.protocolVersion != nil else { throw .metaVersionMissing }
        guard message.metadata.hasClientCapabilities else { throw .metaCapabilitiesMissing }
    }

    private static func legacy(
        _ fields: Fields, _ revision: ProtocolRevision?, _ message: Message
    ) throws(HeaderViolation) -> ProtocolRevision {
        guard fields.count(of: .mcpProtocolVersion) < 2 else { throw .versionTwice }
        try compareMethod(fields, message, isRequired: false)
        try compareName(fields, message, isRequired: false)
        // MCP 2025-11-25 basic/transports: without the field, 2025-03-26 is assumed.
        guard let field = fields.bytes(of: .mcpProtocolVersion) else { return .v2025_03_26 }
        guard let revision else {
            throw .versionUnsupported(requested: String(decoding: field, as: UTF8.self))
        }
        return revision
    }

    private static func compareMethod(
        _ fields: Fields, _ message: Message, isRequired: Bool
    ) throws(HeaderViolation) {
        guard fields.count(of: .mcpMethod) < 2 else { throw .methodTwice }
        guard let field = fields.bytes(of: .mcpMethod) else {
            if isRequired { throw .methodMissing }
            return
        }
        guard let text = HeaderText.decode(field) else { throw .methodUndecodable }
        guard message.method != nil, text.elementsEqual(message.methodName) else {
            throw .methodDiffers
        }
    }

    private static func compareName(
        _ fields: Fields, _ message: Message, isRequired: Bool
    ) throws(HeaderViolation) {
        guard fields.count(of: .mcpName) < 2 else { throw .nameTwice }
        guard let field = fields.bytes(of: .mcpName) else {
            if isRequired, message.method?.isNamedInFields == true { throw .nameMissing }
            return
        }
        guard let text = HeaderText.decode(field) else { throw .nameUndecodable }
        // What a method of an extension puts there is the extension's affair.
        if case .other = message.method { return }
        guard let name = message.target.name, text.elementsEqual(name) else { throw .nameDiffers }
    }
}

extension MCPMethod {
    /// Whether a request of 2026-07-28 must repeat what it names in `Mcp-Name`.
    ///
    /// The tasks extension asks for it too; there a missing field is left to the server.
    fileprivate var isNamedInFields: Bool {
        self == .toolsCall || self == .promptsGet || self == .resourcesRead
    }
}
