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
private struct Params {
    var name: JSONValue?
    var uri: JSONValue?
    var reference: JSONValue?
    var arguments: JSONValue?
    var taskID: JSONValue?
    var notifications: JSONValue?
}

extension MessageReader {
    /// Reads what `method` needs of `params`.
    mutating func readParams(of method: MCPMethod) throws(MessageViolation) {
        var found = Params()
        var meta: JSONValue?
        if let params {
            if method.requirement == .methodScope {
                try commonParamNames.read(params, in: bytes.span, twin: .paramsTwin) {
                    _, value throws(MessageViolation) in
                    meta = value
                }
            } else {
                try paramNames.read(params, in: bytes.span, twin: .paramsTwin) {
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
        _ value: JSONValue?, _ missing: MessageViolation, _ wrong: MessageViolation
    ) throws(MessageViolation) -> ArraySlice<UInt8> {
        guard let value else { throw missing }
        guard let text = value.utf8 else { throw wrong }
        return text
    }

    /// `null` is what some clients write for no arguments; it can be read in one way only.
    private mutating func readArguments(_ value: JSONValue?) throws(MessageViolation) {
        guard let value, value.kind != .null else { return }
        guard value.kind == .object else { throw .argumentsNotObject }
        arguments = value
    }

    private func reference(_ value: JSONValue?) throws(MessageViolation) -> MessageTarget {
        guard let value else { throw .referenceMissing }
        guard value.kind == .object else { throw .referenceNotObject }
        var type: JSONValue?
        var name: JSONValue?
        var uri: JSONValue?
        try referenceNames.read(value, in: bytes.span, twin: .referenceTwin) {
            key, value throws(MessageViolation) in
            switch key {
            case .type: type = value
            case .name: name = value
            case .uri: uri = value
            }
        }
        if type?.isString("ref/prompt") == true {
            return .completionOfPrompt(
                try text(name, .referenceNameInvalid, .referenceNameInvalid))
        }
        guard type?.isString("ref/resource") == true else { throw .referenceTypeUnknown }
        return .completionOfResource(try text(uri, .referenceURIInvalid, .referenceURIInvalid))
    }

    private func subscription(_ value: JSONValue?) throws(MessageViolation) -> MessageTarget {
        guard let value else { throw .subscriptionMissing }
        guard value.kind == .object else { throw .subscriptionNotObject }
        var resources: JSONValue?
        var tasks: JSONValue?
        try subscriptionNames.read(value, in: bytes.span, twin: .subscriptionTwin) {
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
        _ value: JSONValue?, _ wrong: MessageViolation
    ) throws(MessageViolation) -> [ArraySlice<UInt8>] {
        guard let value else { return [] }
        guard value.kind == .array else { throw wrong }
        var texts: [ArraySlice<UInt8>] = []
        for element in value.elements {
            guard let text = element.utf8 else { throw wrong }
            texts.append(text)
        }
        return texts
    }

    private mutating func readMetadata(_ meta: JSONValue) throws(MessageViolation) {
        guard meta.kind == .object else { throw .metaNotObject }
        var found = MessageMetadata()
        found.value = meta
        defer { metadata = found }
        try metaNames.read(meta, in: bytes.span, twin: .metaTwin) {
            key, value throws(MessageViolation) in
            switch key {
            case .protocolVersion:
                guard let version = value.string else { throw .metaVersionNotString }
                found.protocolVersion = version
            case .clientCapabilities:
                found.hasClientCapabilities = value.kind == .object
            case .relatedTask:
                guard let task = value["taskId"]?.utf8 else { throw .relatedTaskInvalid }
                found.relatedTask = task
            case .progressToken:
                guard value.kind == .string || value.integer != nil else {
                    throw .progressTokenInvalid
                }
                found.progressToken = value
            }
        }
    }
}
