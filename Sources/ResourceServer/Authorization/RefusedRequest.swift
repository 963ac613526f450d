import MCP

/// A refusal on its way out of a function.
struct RefusedRequest: Error {
    let refusal: Refusal

    init(_ refusal: Refusal) { self.refusal = refusal }

    /// The refusal with what the message asked for, for logs.
    func naming(_ message: Message) -> RefusedRequest {
        var refusal = refusal
        refusal.method = message.method
        refusal.target = message.target
        return RefusedRequest(refusal)
    }
}
