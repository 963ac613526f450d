/// What a message acts on, read from the body and nowhere else.
///
/// Names and URIs are the bytes that the JSON text spells, unescaped, so that they are compared byte
/// for byte.
package enum MessageTarget: Sendable, Hashable {
    /// Nothing that is named.
    case none
    /// `params.name` of `tools/call`.
    case tool(ArraySlice<UInt8>)
    /// `params.name` of `prompts/get`.
    case prompt(ArraySlice<UInt8>)
    /// `params.uri` of `resources/read`, `resources/subscribe`, `resources/unsubscribe`, and of
    /// `notifications/resources/updated`.
    case resource(ArraySlice<UInt8>)
    /// `params.ref.name` of `completion/complete` with the type `ref/prompt`.
    case completionOfPrompt(ArraySlice<UInt8>)
    /// `params.ref.uri` of `completion/complete` with the type `ref/resource`: a URI or a template.
    case completionOfResource(ArraySlice<UInt8>)
    /// `params.taskId` of `tasks/*`, `notifications/tasks` and `notifications/tasks/status`.
    case task(ArraySlice<UInt8>)
    /// `params.notifications.resourceSubscriptions` and `.taskIds` of `subscriptions/listen`.
    case subscription(resources: [ArraySlice<UInt8>], tasks: [ArraySlice<UInt8>])
}

extension MessageTarget {
    /// The one name that the message acts on; nil where it acts on nothing, or on several.
    package var name: ArraySlice<UInt8>? {
        switch self {
        case .tool(let name), .prompt(let name), .resource(let name),
            .completionOfPrompt(let name), .completionOfResource(let name), .task(let name):
            name
        case .none, .subscription: nil
        }
    }
}
