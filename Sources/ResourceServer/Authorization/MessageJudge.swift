import HTTP
import MCP
import OAuth

/// Judges one message of a client by what its method needs.
struct MessageJudge {
    let server: ProtectedServer
    let token: VerifiedAccessToken
    let era: ProtocolEra
    /// The proof that the server is in observe mode now; nil where it is not.
    let observation: ObservationPass?

    /// Leave to forward the message of a request with that head.
    ///
    /// - Parameters:
    ///   - message: the message.
    ///   - tasks: the tasks that it names, opened.
    ///   - head: the head of the request.
    /// - Returns: the leave, with what was decided.
    /// - Throws: the answer to a message that may not be forwarded.
    func clear(
        _ message: Message, naming tasks: TaskOpening, under head: RequestHead
    ) throws(RefusedRequest) -> Clearance {
        guard let method = message.method else {
            // A response answers what the server asked; the session's seal binds it to its owner.
            return .allowed(by: nil)
        }
        let asked = Question(message: message, head: head)
        switch (method.requirement, message.target) {
        case (.token, _), (.list, _): return .allowed(by: nil)
        case (.tool, .tool(let name)):
            return try decide(
                .tool(name: name, arguments: message.arguments), asked, .unknownTool(name))
        case (.prompt, .prompt(let name)), (.completion, .completionOfPrompt(let name)):
            return try decide(.prompt(name: name), asked, .unknownPrompt(name))
        case (.resource, .resource(let uri)):
            return try decide(.resource(uri: uri), asked, .unknownResource(uri))
        case (.completion, .completionOfResource(let text)):
            return try decide(Self.completion(text), asked, .unknownResource(text))
        case (.subscription, .subscription(let resources, _)):
            return try subscribe(resources, tasks.subscribed, asked)
        case (.methodScope, _):
            let name = Array(method.name.utf8)[...]
            return try decide(.method(name: name), asked, .unknownMethod(name))
        case (.task, .task):
            // A task belongs to a principal; without a seal that proves it, it is nobody's.
            guard let task = tasks.task else { throw unknownTask(asked) }
            return try decide(task.origin, asked)
        case (.task, .none):
            // Nothing is named, and the answer shows this principal's tasks only.
            guard method == .tasksList else { throw unknownTask(asked) }
            return .allowed(by: nil)
        case (.tool, _), (.prompt, _), (.resource, _), (.completion, _), (.subscription, _),
            (.task, _):
            throw refusal(
                .denied(reason: "the request names nothing to decide on"), asked, "no target",
                Ruling(.denied))
        }
    }

    /// What a refusal needs of the request.
    private struct Question {
        let message: Message
        let head: RequestHead
    }

    /// The resource or template that a completion is for.
    private static func completion(_ text: ArraySlice<UInt8>) -> Operation {
        text.contains(UInt8(ascii: "{")) ? .resourceTemplate(text) : .resource(uri: text)
    }

    /// Leave by the policy's verdict.
    private func decide(
        _ operation: Operation, _ asked: Question, _ unknown: @autoclosure () -> GatewayError
    ) throws(RefusedRequest) -> Clearance {
        let verdict = server.policy.judge(operation, for: token.effectiveScopes)
        let ruling: Ruling
        switch verdict.decision {
        case .allow: return .allowed(by: verdict.rule)
        case .stepUp(let scope):
            ruling = Ruling(
                .stepUp, rule: verdict.rule, neededScope: server.policy.name(of: scope))
        case .unknown: ruling = Ruling(.unknown)
        case .unknownMethod: throw refusal(unknown(), asked, Self.unopened, Ruling(.unknownMethod))
        case .denied(.resourceURI(let violation)):
            let denial = Denial.resourceURI(violation)
            throw refusal(
                .denied(reason: denial.description), asked, "denied: \(denial)", Ruling(.denied))
        case .denied(.argument): ruling = Ruling(.denied, rule: verdict.rule)
        }
        if let observation { return .observed(ruling, observation) }
        switch verdict.decision {
        case .stepUp(let scope):
            throw insufficientScope(
                server.policy.challengeScopes(adding: scope, to: token.effectiveScopes), asked,
                ruling)
        case .denied(let denial):
            throw refusal(
                .denied(reason: denial.description), asked, "denied: \(denial)", ruling)
        case .allow, .unknown, .unknownMethod:
            throw refusal(unknown(), asked, Self.unopened, ruling)
        }
    }

    private static let unopened = "no scope opens it"

    /// Leave by the policy's verdict on what the task was made by.
    private func decide(
        _ origin: TaskOrigin, _ asked: Question
    ) throws(RefusedRequest) -> Clearance {
        guard let operation = origin.operation else { return .allowed(by: nil) }
        return try decide(operation, asked, .unknownTask)
    }

    /// Each resource and task is decided; one challenge names all scopes that are needed, and what
    /// cannot be had by any scope comes first.
    private func subscribe(
        _ resources: [ArraySlice<UInt8>], _ tasks: [OpenedTask], _ asked: Question
    ) throws(RefusedRequest) -> Clearance {
        var clearance = Clearance.allowed(by: nil)
        var needed: (scopes: ScopeSet, ruling: Ruling)?
        let operations =
            resources.map { (Operation.resource(uri: $0), GatewayError.unknownResource($0)) }
            + tasks.compactMap { task in task.origin.operation.map { ($0, .unknownTask) } }
        for (operation, unknown) in operations {
            let verdict = server.policy.judge(operation, for: token.effectiveScopes)
            if case .stepUp(let scope) = verdict.decision, observation == nil {
                let scopes = server.policy.challengeScopes(
                    adding: scope, to: token.effectiveScopes)
                let ruling = Ruling(
                    .stepUp, rule: verdict.rule, neededScope: server.policy.name(of: scope))
                needed = (scopes.union(needed?.scopes ?? ScopeSet()), needed?.ruling ?? ruling)
                continue
            }
            let decided = try decide(operation, asked, unknown)
            let isFirst = clearance.ruling.rule == nil && !clearance.ruling.isObserved
            if isFirst || (decided.ruling.isObserved && !clearance.ruling.isObserved) {
                clearance = decided
            }
        }
        if let needed { throw insufficientScope(needed.scopes, asked, needed.ruling) }
        return clearance
    }

    private func insufficientScope(
        _ scopes: ScopeSet, _ asked: Question, _ ruling: Ruling
    ) -> RefusedRequest {
        RefusedRequest(
            Refusals.insufficientScope(
                token, server, server.spelling(of: asked.head), scope: scopes, era: era,
                id: asked.message.idBytes, ruling: ruling))
    }

    private func unknownTask(_ asked: Question) -> RefusedRequest {
        refusal(
            .unknownTask, asked, "the task is not known to be the principal's", Ruling(.unknown))
    }

    private func refusal(
        _ error: GatewayError, _ asked: Question, _ reason: String, _ ruling: Ruling
    ) -> RefusedRequest {
        RefusedRequest(
            .jsonRPC(
                error.answer(for: era), id: asked.message.idBytes, reason: reason, ruling: ruling))
    }
}
