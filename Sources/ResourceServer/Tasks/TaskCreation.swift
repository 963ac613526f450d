import JSON
import MCP

extension Message {
    /// Whether the client is ready for a task as the answer, so that a server may make one.
    ///
    /// Up to 2025-11-25 a request says so with `params.task`; from 2026-07-28 on a client declares
    /// the extension (MCP 2025-11-25 basic/utilities/tasks, SEP-2663).
    func mayMakeTask(in era: ProtocolEra) -> Bool {
        guard case .request = kind, let method else { return false }
        switch method.requirement {
        case .token, .list, .task, .subscription, .completion: return false
        case .tool, .prompt, .resource, .methodScope: break
        }
        switch era {
        case .legacy: return params?["task"]?.kind == .object
        case .modern:
            let capabilities = metadata.value?["io.modelcontextprotocol/clientCapabilities"]
            return capabilities?["extensions"]?["io.modelcontextprotocol/tasks"] != nil
        }
    }
}
