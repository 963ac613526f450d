/// A method of the protocol, in any of its revisions and of the tasks extension.
package enum MCPMethod: Sendable, Hashable {
    /// `initialize`.
    case initialize
    /// `ping`.
    case ping
    /// `server/discover`, from 2026-07-28.
    case serverDiscover
    /// `tools/list`.
    case toolsList
    /// `tools/call`.
    case toolsCall
    /// `prompts/list`.
    case promptsList
    /// `prompts/get`.
    case promptsGet
    /// `resources/list`.
    case resourcesList
    /// `resources/templates/list`.
    case resourceTemplatesList
    /// `resources/read`.
    case resourcesRead
    /// `resources/subscribe`, up to 2025-11-25.
    case resourcesSubscribe
    /// `resources/unsubscribe`, up to 2025-11-25.
    case resourcesUnsubscribe
    /// `completion/complete`.
    case completionComplete
    /// `logging/setLevel`, up to 2025-11-25.
    case loggingSetLevel
    /// `roots/list`, from server to client.
    case rootsList
    /// `sampling/createMessage`, from server to client.
    case samplingCreateMessage
    /// `elicitation/create`, from server to client.
    case elicitationCreate
    /// `subscriptions/listen`, from 2026-07-28.
    case subscriptionsListen
    /// `tasks/get`.
    case tasksGet
    /// `tasks/list`, 2025-11-25 only.
    case tasksList
    /// `tasks/result`, 2025-11-25 only.
    case tasksResult
    /// `tasks/cancel`.
    case tasksCancel
    /// `tasks/update`, from 2026-07-28.
    case tasksUpdate
    /// `notifications/initialized`.
    case initializedNotification
    /// `notifications/cancelled`.
    case cancelledNotification
    /// `notifications/progress`.
    case progressNotification
    /// `notifications/message`, from server to client.
    case messageNotification
    /// `notifications/roots/list_changed`, from client to server.
    case rootsListChangedNotification
    /// `notifications/tools/list_changed`, from server to client.
    case toolsListChangedNotification
    /// `notifications/prompts/list_changed`, from server to client.
    case promptsListChangedNotification
    /// `notifications/resources/list_changed`, from server to client.
    case resourcesListChangedNotification
    /// `notifications/resources/updated`, from server to client; names a resource.
    case resourceUpdatedNotification
    /// `notifications/elicitation/complete`, from server to client.
    case elicitationCompleteNotification
    /// `notifications/subscriptions/acknowledged`, from server to client.
    case subscriptionsAcknowledgedNotification
    /// `notifications/tasks/status`, 2025-11-25 only; names a task.
    case taskStatusNotification
    /// `notifications/tasks`, from 2026-07-28; names a task.
    case taskNotification
    /// Any method that the gateway does not know, by its name.
    case other(String)
}
