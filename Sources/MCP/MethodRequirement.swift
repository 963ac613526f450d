/// What a method needs besides a valid token.
package enum MethodRequirement: Sendable, Hashable {
    /// Nothing more.
    case token
    /// Nothing more; the answer is filtered.
    case list(ListKind)
    /// A decision on the tool that it names.
    case tool
    /// A decision on the prompt that it names.
    case prompt
    /// A decision on the resource that it names.
    case resource
    /// A decision on the prompt or resource that it completes.
    case completion
    /// A decision on each resource and task that it names.
    case subscription
    /// The principal that was given the task, and the scope that opens the tool behind it.
    ///
    /// `tasks/list` names no task; a method of `tasks/` that is not known may name none.
    case task
    /// A scope whose `methods` opens it.
    case methodScope
}

extension MCPMethod {
    /// What the method needs, whether it comes as a request or as a notification.
    package var requirement: MethodRequirement {
        switch self {
        case .initialize, .serverDiscover, .ping, .loggingSetLevel, .rootsList: .token
        case .initializedNotification, .cancelledNotification, .progressNotification,
            .messageNotification, .rootsListChangedNotification, .toolsListChangedNotification,
            .promptsListChangedNotification, .resourcesListChangedNotification,
            .resourceUpdatedNotification, .elicitationCompleteNotification,
            .subscriptionsAcknowledgedNotification, .taskStatusNotification, .taskNotification:
            .token
        case .toolsList: .list(.tools)
        case .promptsList: .list(.prompts)
        case .resourcesList: .list(.resources)
        case .resourceTemplatesList: .list(.resourceTemplates)
        case .toolsCall: .tool
        case .promptsGet: .prompt
        case .resourcesRead, .resourcesSubscribe, .resourcesUnsubscribe: .resource
        case .completionComplete: .completion
        case .subscriptionsListen: .subscription
        case .tasksGet, .tasksList, .tasksResult, .tasksCancel, .tasksUpdate: .task
        // These go from server to client; nothing opens them for a client but `methods`.
        case .samplingCreateMessage, .elicitationCreate: .methodScope
        case .other(let name): Self.requirement(ofUnknown: name)
        }
    }

    private static func requirement(ofUnknown name: String) -> MethodRequirement {
        if name.hasASCIIPrefix("notifications/") || name.hasASCIIPrefix("roots/") { return .token }
        return name.hasASCIIPrefix("tasks/") ? .task : .methodScope
    }
}
