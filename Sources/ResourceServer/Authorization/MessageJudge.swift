import HTTP
import MCP
import OAuth

/// Judges one message of a client by what its method needs.
struct MessageJudge {
    let server: ProtectedServer
    let token: VerifiedAccessToken
    let era: ProtocolEra

    /// The answer to a message that may not be forwarded, of a request with that head; nil where it
    /// may.
    func refusal(of message: Message, under head: RequestHead) -> Refusal? {
        guard let method = message.method else {
            // A response answers what the server asked; the session's seal binds it to its owner.
            return nil
        }
        switch (method.requirement, message.target) {
        case (.token, _), (.list, _): return nil
        case (.tool, .tool(let name)):
            let operation = Operation.tool(name: name, arguments: message.arguments)
            return answer(decide(operation), message, head, unknown: .unknownTool(name))
        case (.prompt, .prompt(let name)), (.completion, .completionOfPrompt(let name)):
            return answer(decide(.prompt(name: name)), message, head, unknown: .unknownPrompt(name))
        case (.resource, .resource(let uri)):
            return answer(
                decide(.resource(uri: uri)), message, head, unknown: .unknownResource(uri))
        case (.completion, .completionOfResource(let text)):
            return answer(
                decide(Self.completion(text)), message, head, unknown: .unknownResource(text))
        case (.subscription, .subscription(let resources, let tasks)):
            return subscriptionRefusal(resources, tasks, message, head)
        case (.methodScope, _):
            let name = Array(method.name.utf8)[...]
            return answer(decide(.method(name: name)), message, head, unknown: .unknownMethod(name))
        case (.task, _):
            // A task belongs to a principal; without a seal that proves it, it is nobody's.
            return refuse(.unknownTask, message, "the task is not known to be the principal's")
        case (.tool, _), (.prompt, _), (.resource, _), (.completion, _), (.subscription, _):
            return refuse(
                .denied(reason: "the request names nothing to decide on"), message, "no target")
        }
    }

    /// The resource or template that a completion is for.
    private static func completion(_ text: ArraySlice<UInt8>) -> Operation {
        text.contains(UInt8(ascii: "{")) ? .resourceTemplate(text) : .resource(uri: text)
    }

    private func decide(_ operation: Operation) -> Decision {
        server.policy.decide(operation, for: token.effectiveScopes)
    }

    /// The answer that a decision asks for; nil for allow.
    private func answer(
        _ decision: Decision, _ message: Message, _ head: RequestHead,
        unknown: @autoclosure () -> GatewayError
    ) -> Refusal? {
        switch decision {
        case .allow: return nil
        case .stepUp(let scope):
            let scopes = server.policy.challengeScopes(adding: scope, to: token.effectiveScopes)
            return insufficientScope(scopes, message, head)
        case .unknown, .unknownMethod:
            return refuse(unknown(), message, "no scope opens it")
        case .denied(let denial):
            return refuse(.denied(reason: denial.description), message, "denied: \(denial)")
        }
    }

    /// Each resource is decided; one challenge names all scopes that are needed, and what cannot be
    /// had by any scope comes first.
    private func subscriptionRefusal(
        _ resources: [ArraySlice<UInt8>], _ tasks: [ArraySlice<UInt8>], _ message: Message,
        _ head: RequestHead
    ) -> Refusal? {
        guard tasks.isEmpty else {
            return refuse(.unknownTask, message, "the task is not known to be the principal's")
        }
        var scopes = ScopeSet()
        for uri in resources {
            switch decide(.resource(uri: uri)) {
            case .allow: continue
            case .stepUp(let scope):
                scopes = scopes.union(
                    server.policy.challengeScopes(adding: scope, to: token.effectiveScopes))
            case .unknown, .unknownMethod:
                return refuse(.unknownResource(uri), message, "no scope opens a resource")
            case .denied(let denial):
                return refuse(.denied(reason: denial.description), message, "denied: \(denial)")
            }
        }
        guard !scopes.isEmpty else { return nil }
        return insufficientScope(scopes, message, head)
    }

    private func insufficientScope(
        _ scopes: ScopeSet, _ message: Message, _ head: RequestHead
    ) -> Refusal {
        Refusals.insufficientScope(
            server, server.spelling(of: head), scope: scopes, era: era, id: message.idBytes)
    }

    private func refuse(
        _ error: GatewayError, _ message: Message, _ reason: String
    ) -> Refusal {
        .jsonRPC(error.answer(for: era), id: message.idBytes, reason: reason)
    }
}
