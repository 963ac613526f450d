extension MCPMethod {
    /// The methods that the gateway knows, with their names on the wire.
    package static let known: [(name: StaticString, method: MCPMethod)] = [
        ("initialize", .initialize),
        ("ping", .ping),
        ("server/discover", .serverDiscover),
        ("tools/list", .toolsList),
        ("tools/call", .toolsCall),
        ("prompts/list", .promptsList),
        ("prompts/get", .promptsGet),
        ("resources/list", .resourcesList),
        ("resources/templates/list", .resourceTemplatesList),
        ("resources/read", .resourcesRead),
        ("resources/subscribe", .resourcesSubscribe),
        ("resources/unsubscribe", .resourcesUnsubscribe),
        ("completion/complete", .completionComplete),
        ("logging/setLevel", .loggingSetLevel),
        ("roots/list", .rootsList),
        ("sampling/createMessage", .samplingCreateMessage),
        ("elicitation/create", .elicitationCreate),
        ("subscriptions/listen", .subscriptionsListen),
        ("tasks/get", .tasksGet),
        ("tasks/list", .tasksList),
        ("tasks/result", .tasksResult),
        ("tasks/cancel", .tasksCancel),
        ("tasks/update", .tasksUpdate),
        ("notifications/initialized", .initializedNotification),
        ("notifications/cancelled", .cancelledNotification),
        ("notifications/progress", .progressNotification),
        ("notifications/message", .messageNotification),
        ("notifications/roots/list_changed", .rootsListChangedNotification),
        ("notifications/tools/list_changed", .toolsListChangedNotification),
        ("notifications/prompts/list_changed", .promptsListChangedNotification),
        ("notifications/resources/list_changed", .resourcesListChangedNotification),
        ("notifications/resources/updated", .resourceUpdatedNotification),
        ("notifications/elicitation/complete", .elicitationCompleteNotification),
        ("notifications/subscriptions/acknowledged", .subscriptionsAcknowledgedNotification),
        ("notifications/tasks/status", .taskStatusNotification),
        ("notifications/tasks", .taskNotification),
    ]

    /// The known methods by the length of their names.
    private static let byLength: [[(name: StaticString, method: MCPMethod)]] = {
        let longest = known.map(\.name.utf8CodeUnitCount).max() ?? 0
        return (0...longest).map { length in known.filter { $0.name.utf8CodeUnitCount == length } }
    }()

    /// The method that is called so, byte for byte.
    ///
    /// - Parameter name: the name unescaped, in UTF-8.
    package init(utf8 name: ArraySlice<UInt8>) {
        if name.count < Self.byLength.count {
            for candidate in Self.byLength[name.count]
            where candidate.name.withUTF8Buffer({ unsafe $0.span.equals(name.span) }) {
                self = candidate.method
                return
            }
        }
        self = .other(String(decoding: name, as: UTF8.self))
    }

    /// The name on the wire.
    package var name: String {
        if case .other(let name) = self { return name }
        return Self.known.first { $0.method == self }.map { "\($0.name)" } ?? ""
    }
}

extension String {
    /// Whether the text begins with those bytes; Swift's own test folds canonical equivalents.
    func hasASCIIPrefix(_ prefix: String) -> Bool { utf8.starts(with: prefix.utf8) }
}
