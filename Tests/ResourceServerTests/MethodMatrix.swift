import MCP

@testable import ResourceServer

/// What a request asks for: a row of the decision table, made so by what it names.
enum MatrixRow: CaseIterable {
    /// What the token's scope opens.
    case allow
    /// What another scope opens that may be granted.
    case stepUp
    /// What no scope opens.
    case unknown
    /// What a condition or an ambiguous URI refuses, whatever the scope.
    case denied
}

/// What becomes of a request.
enum MatrixOutcome: Equatable {
    case forwarded
    case refused(status: Int, code: Int64, hasChallenge: Bool)
}

/// Every method with what it takes and what the policy says must become of it.
///
/// Both switches name every case, so a method that is added does not compile before it is here.
enum MethodMatrix {
    /// A policy in which every vocabulary has something for each row.
    static let definitions = [
        ScopeDefinition(
            name: "held",
            tools: [
                ToolRule(name: "open"),
                ToolRule(
                    name: "narrow",
                    arguments: [ArgumentCondition(argument: "a", accepted: [.string("b")])]),
            ],
            resources: ["r://open/*"], prompts: ["open"], methods: ["x/open"]),
        ScopeDefinition(
            name: "more", tools: [ToolRule(name: "closed")], resources: ["r://closed/*"],
            prompts: ["closed"], methods: ["x/closed"], initial: false),
    ]

    /// The names that put a request into a row.
    struct Names {
        let tool: String
        let name: String
        let uri: String
    }

    static func names(_ row: MatrixRow) -> Names {
        switch row {
        case .allow: Names(tool: "open", name: "open", uri: "r://open/1")
        case .stepUp: Names(tool: "closed", name: "closed", uri: "r://closed/1")
        case .unknown: Names(tool: "nothing", name: "nothing", uri: "r://nothing/1")
        case .denied: Names(tool: "narrow", name: "narrow", uri: "r://open/../closed/1")
        }
    }

    /// The members of `params`, and what `Mcp-Name` repeats; nil where the method has no such row.
    ///
    /// `task` gives the id of a task of the tool that is named.
    static func params(
        of method: MCPMethod, _ row: MatrixRow, task: (String) throws -> String
    ) rethrows -> (members: String, name: String?)? {
        let names = names(row)
        switch method {
        case .toolsCall: return (#""name":"\#(names.tool)""#, names.tool)
        case .promptsGet:
            return row == .denied ? nil : (#""name":"\#(names.name)""#, names.name)
        case .resourcesRead: return (#""uri":"\#(names.uri)""#, names.uri)
        case .resourcesSubscribe, .resourcesUnsubscribe: return (#""uri":"\#(names.uri)""#, nil)
        case .completionComplete:
            return (#""ref":{"type":"ref/resource","uri":"\#(names.uri)"}"#, nil)
        case .subscriptionsListen:
            return (
                #""notifications":{"resourceSubscriptions":["r://open/0","\#(names.uri)"]}"#, nil
            )
        case .tasksGet, .tasksResult, .tasksCancel, .tasksUpdate:
            // Conditions were met when the task was made, so nothing denies it later.
            guard row != .denied else { return nil }
            let id = try task(names.tool)
            return (#""taskId":"\#(id)""#, id)
        case .other: return row == .denied ? nil : ("", nil)
        case .samplingCreateMessage, .elicitationCreate: return row == .unknown ? ("", nil) : nil
        case .initialize, .ping, .serverDiscover, .toolsList, .promptsList, .resourcesList,
            .resourceTemplatesList, .loggingSetLevel, .rootsList, .tasksList,
            .initializedNotification, .cancelledNotification, .progressNotification,
            .messageNotification, .rootsListChangedNotification, .toolsListChangedNotification,
            .promptsListChangedNotification, .resourcesListChangedNotification,
            .elicitationCompleteNotification, .subscriptionsAcknowledgedNotification:
            return row == .allow ? ("", nil) : nil
        case .resourceUpdatedNotification:
            return row == .allow ? (#""uri":"r://open/1""#, nil) : nil
        case .taskStatusNotification, .taskNotification:
            return row == .allow ? (#""taskId":"own""#, nil) : nil
        }
    }

    /// What must become of it (the decision table of the policy).
    static func expected(
        _ method: MCPMethod, _ row: MatrixRow, _ era: ProtocolEra
    ) -> MatrixOutcome {
        switch row {
        case .allow: return .forwarded
        case .stepUp: return .refused(status: 403, code: 1403, hasChallenge: true)
        case .denied: return .refused(status: 200, code: 1403, hasChallenge: false)
        case .unknown: return unknown(method, era)
        }
    }

    private static func unknown(_ method: MCPMethod, _ era: ProtocolEra) -> MatrixOutcome {
        switch method.requirement {
        case .methodScope:
            return .refused(
                status: era == .modern ? 404 : 200, code: -32601, hasChallenge: false)
        case .resource, .subscription, .completion:
            return .refused(
                status: 200, code: era == .modern ? -32602 : -32002, hasChallenge: false)
        case .tool, .prompt, .task:
            return .refused(status: 200, code: -32602, hasChallenge: false)
        case .token, .list: return .forwarded
        }
    }

    /// The name of the method for a row: methods that the gateway does not know are named by it.
    static func methodName(_ method: MCPMethod, _ row: MatrixRow) -> String {
        guard case .other(let prefix) = method else { return method.name }
        return prefix + names(row).name
    }

    /// Every method, and one family that the gateway does not know.
    static let methods = MCPMethod.known.map(\.method) + [.other("x/")]
}
