import HTTP
import MCP

/// Compares the fields that repeat arguments of a call with the arguments
/// (MCP 2026-07-28 basic/transports/streamable-http, server behavior for custom headers).
enum ParameterCheck {
    /// What the fields are worth.
    enum Verdict {
        /// They agree, or there is nothing to compare.
        case agrees
        /// The request is answered here.
        case refused(Refusal)
        /// The tool's definition has to be asked for.
        case needsDefinition(NeededDefinition)
    }

    /// The verdict on a message that may be forwarded otherwise.
    static func verdict(
        on message: Message, under head: RequestHead, _ revision: ProtocolRevision,
        for server: ProtectedServer
    ) -> Verdict {
        // In earlier revisions nobody has to see to it that they agree: they are not forwarded.
        guard revision.era == .modern, message.method == .toolsCall,
            case .tool(let tool) = message.target
        else { return .agrees }
        let hasFields = ParameterFields.occur(in: head.fields)
        switch server.toolSchemas.knowledge(of: tool, hasFields: hasFields) {
        case .plain: return .agrees
        case .annotated(let headers):
            do throws(HeaderViolation) {
                try headers.compare(head.fields, with: message.arguments)
                return .agrees
            } catch {
                return .refused(
                    .jsonRPC(
                        error.answer(for: .modern), id: message.idBytes,
                        reason: "headers disagree: \(error)", ruling: Ruling(.malformed)))
            }
        case .stale:
            return .needsDefinition(
                NeededDefinition(
                    tool: tool, hasFields: hasFields, id: message.idBytes, server: server))
        case .unavailable(let failure):
            // What cannot be compared may be a lie that something behind us believes.
            return .refused(
                failure.answer(id: message.idBytes, era: .modern, serverName: server.name))
        }
    }
}
