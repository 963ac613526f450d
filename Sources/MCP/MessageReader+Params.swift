import JSON

/// The members of `params` that are read.
private enum Param: String, CaseIterable {
    case name, uri, ref, arguments, taskId, notifications
    case meta = "_meta"
}

/// The member of `params` that is read whatever the method is.
private enum CommonParam: String, CaseIterable {
    case meta = "_meta"
}

/// The members of `params._meta` that are read.
private enum MetaMember: String, CaseIterable {
    case protocolVersion = "io.modelcontextprotocol/protocolVersion"
    case clientCapabilities = "io.modelcontextprotocol/clientCapabilities"
    case relatedTask = "io.modelcontextprotocol/related-task"
    case progressToken
}

/// The members of `params.ref` that are read.
private enum ReferenceMember: String, CaseIterable {
    case type, name, uri
}

/// The members of `params.notifications` that are read.
private enum SubscriptionMember: String, CaseIterable {
    case resourceSubscriptions, taskIds
}

private let paramNames = MemberNames<Param>()
private let commonParamNames = MemberNames<CommonParam>()
private let metaNames = MemberNames<MetaMember>()
private let referenceNames = MemberNames<ReferenceMember>()
private let subscriptionNames = MemberNames<SubscriptionMember>()

/// The members of `params` as they were found.
private struct Params: BitwiseCopyable {
    var name: JSONPosition?
    var uri: JSONPosition?
    var reference: JSONPosition?
    var arguments: JSONPosition?
    var taskID: JSONPosition?
    var notifications: JSONPosition?
}

extension MessageReader {
    /// Reads what `method` needs of `params`.
    mutating func readParams(of method: MCPMethod) throws(MessageViolation) {
        var found = Params()
        var meta: JSONPosition?
        if let params = members.params {
            if method.requirement == .methodScope {
                try commonParamNames.read(params, of: document, twin: .paramsTwin) {
                    _, value throws(MessageViolation) in
                    meta = value
                }
            } else {
                try paramNames.read(params, of: document, twin: .paramsTwin) {
                    key, value throws(MessageViolation) in
                    switch key {
                    case .name: found.name = value
                    case .uri: found.uri = value
                    case .ref: found.reference = value
                    case .arguments: found.arguments = value
                    case .taskId: found.taskID = value
                    case .notifications: found.notifications = value
                    case .meta: meta = value
                    }
                }
            }
        }
        if let meta { try readMetadata(meta) }
        try readTarget(of: method, in: found)
    }

    private mutating func readTarget(
        of method: MCPMethod, in params: Params
    ) throws(MessageViolation) {
        switch method {
        case .toolsCall:
            target = .tool(try text(params.name, .nameMissing, .nameNotString))
            try readArguments(params.arguments)
        case .promptsGet:
            target = .prompt(try text(params.name, .nameMissing, .nameNotString))
            try readArguments(params.arguments)
        case .resourcesRead, .resourcesSubscribe, .resourcesUnsubscribe,
            .resourceUpdatedNotification:
            target = .resource(try text(params.uri, .uriMissing, .uriNotString))
        case .completionComplete:
            target = try reference(params.reference)
        case .subscriptionsListen:
            target = try subscription(params.notifications)
        case .tasksGet, .tasksResult, .tasksCancel, .tasksUpdate, .taskStatusNotification,
            .taskNotification:
            target = .task(try text(params.taskID, .taskIDMissing, .taskIDNotString))
        case .other, .tasksList:
            guard method.requirement == .task, params.taskID != nil else { return }
            target = .task(try text(params.taskID, .taskIDMissing, .taskIDNotString))
        case .initialize, .ping, .serverDiscover, .toolsList, .promptsList, .resourcesList,
            .resourceTemplatesList, .loggingSetLevel, .rootsList, .samplingCreateMessage,
            .elicitationCreate, .initializedNotification, .cancelledNotification,
            .progressNotification, .messageNotification, .rootsListChangedNotification,
            .toolsListChangedNotification, .promptsListChangedNotification,
            .resourcesListChangedNotification, .elicitationCompleteNotification,
            .subscriptionsAcknowledgedNotification:
            return
        }
    }

    private func text(
        _ position: JSONPosition?, _ missing: MessageViolation, _ wrong: MessageViolation
    ) throws(MessageViolation) -> ArraySlice<UInt8> {
        guard let position else { throw missing }
        guard let text = document.utf8(at: position) else { throw wrong }
        return text
    }

    /// `null` is what some clients write for no arguments; it can be read in one way only.
    private mutating func readArguments(_ position: JSONPosition?) throws(MessageViolation) {
        guard let position, document.kind(at: position) != .null else { return }
        guard document.kind(at: position) == .object else { throw .argumentsNotObject }
        arguments = position
    }

    private func reference(_ position: JSONPosition?) throws(MessageViolation) -> MessageTarget {
        guard let position else { throw .referenceMissing }
        guard document.kind(at: position) == .object else { throw .referenceNotObject }
        var type: JSONPosition?
        var name: JSONPosition?
        var uri: JSONPosition?
        try referenceNames.read(position, of: document, twin: .referenceTwin) {
            key, value throws(MessageViolation) in
            switch key {
            case .type: type = value
            case .name: name = value
            case .uri: uri = value
            }
        }
        guard let type else { throw .referenceTypeUnknown }
        if document.isString("ref/prompt", at: type) {
            return .completionOfPrompt(
                try text(name, .referenceNameInvalid, .referenceNameInvalid))
        }
        guard document.isString("ref/resource", at: type) else { throw .referenceTypeUnknown }
        return .completionOfResource(try text(uri, .referenceURIInvalid, .referenceURIInvalid))
    }

    private func subscription(_ position: JSONPosition?) throws(MessageViolation) -> MessageTarget {
        guard let position else { throw .subscriptionMissing }
        guard document.kind(at: position) == .object else { throw .subscriptionNotObject }
        var resources: JSONPosition?
        var tasks: JSONPosition?
        try subscriptionNames.read(position, of: document, twin: .subscriptionTwin) {
            key, value throws(MessageViolation) in
            switch key {
            case .resourceSubscriptions: resources = value
            case .taskIds: tasks = value
            }
        }
        return .subscription(
            resources: try texts(resources, .subscribedResourcesInvalid),
            tasks: try texts(tasks, .subscribedTasksInvalid))
    }

    private func texts(
        _ position: JSONPosition?, _ wrong: MessageViolation
    ) throws(MessageViolation) -> [ArraySlice<UInt8>] {
        guard let position else { return [] }
        guard document.kind(at: position) == .array else { throw wrong }
        var texts: [ArraySlice<UInt8>] = []
        for element in document.value(at: position).elements {
            guard let text = element.utf8 else { throw wrong }
            texts.append(text)
        }
        return texts
    }

    private mutating func readMetadata(_ meta: JSONPosition) throws(MessageViolation) {
        guard document.kind(at: meta) == .object else { throw .metaNotObject }
        var found = MessageMetadata.Places()
        found.value = meta
        defer { metadata = found }
        try metaNames.read(meta, of: document, twin: .metaTwin) {
            key, position throws(MessageViolation) in
            let kind = document.kind(at: position)
            switch key {
            case .protocolVersion:
                guard kind == .string else { throw .metaVersionNotString }
                found.protocolVersion = position
            case .clientCapabilities:
                found.hasClientCapabilities = kind == .object
            case .relatedTask:
                guard let task = document.value(at: position)["taskId"], task.kind == .string else {
                    throw .relatedTaskInvalid
                }
                found.relatedTask = task.place
            case .progressToken:
                guard kind == .string || document.integer(at: position) != nil else {
                    throw .progressTokenInvalid
                }
                found.progressToken = position
            }
        }
    }
}
