package import JSON

/// How a body deviates from being exactly one JSON-RPC message of MCP.
package enum MessageViolation: Error, Sendable, Equatable {
    /// Not one JSON value that can be read in one way only.
    case json(JSONViolation)
    /// An array, which is a batch: refused in every revision.
    case array
    /// Neither an object nor an array.
    case notObject
    /// A member of the message is named like one that is read, but for case.
    case memberTwin
    /// A member of `params` is named like one that is read, but for case.
    case paramsTwin
    /// A member of `params._meta` is named like one that is read, but for case.
    case metaTwin
    /// A member of `params.ref` is named like one that is read, but for case.
    case referenceTwin
    /// A member of `params.notifications` is named like one that is read, but for case.
    case subscriptionTwin
    /// `jsonrpc` is missing (JSON-RPC 2.0 §4).
    case versionMissing
    /// `jsonrpc` is not the string `2.0` (JSON-RPC 2.0 §4).
    case versionNotTwo
    /// `id` is `null`, which MCP forbids.
    case idNull
    /// `id` is a number that is not a plain integer, or beyond 64 bits.
    case idNotInteger
    /// `id` is neither string nor number.
    case idWrongKind
    /// `method` is not a string.
    case methodNotString
    /// `method` stands beside `result`.
    case methodBesideResult
    /// `method` stands beside `error`.
    case methodBesideError
    /// `result` stands beside `error` (JSON-RPC 2.0 §5).
    case resultBesideError
    /// No `method`, no `result` and no `error`.
    case methodMissing
    /// A response has no `id` (JSON-RPC 2.0 §5).
    case responseWithoutID
    /// `result` is not an object.
    case resultNotObject
    /// `error` is not an object (JSON-RPC 2.0 §5.1).
    case errorNotObject
    /// `params` is not an object; MCP knows no positional parameters.
    case paramsNotObject
    /// A method that asks for a response came without `id`.
    case requestWithoutID
    /// A notification came with `id`.
    case notificationWithID
    /// `params._meta` is not an object.
    case metaNotObject
    /// `io.modelcontextprotocol/protocolVersion` is not a string.
    case metaVersionNotString
    /// `progressToken` is neither string nor integer.
    case progressTokenInvalid
    /// `io.modelcontextprotocol/related-task` is not an object with a string `taskId`.
    case relatedTaskInvalid
    /// `params.name` is missing.
    case nameMissing
    /// `params.name` is not a string.
    case nameNotString
    /// `params.arguments` is neither object nor `null`.
    case argumentsNotObject
    /// `params.uri` is missing.
    case uriMissing
    /// `params.uri` is not a string.
    case uriNotString
    /// `params.ref` is missing.
    case referenceMissing
    /// `params.ref` is not an object.
    case referenceNotObject
    /// `params.ref.type` is neither `ref/prompt` nor `ref/resource`.
    case referenceTypeUnknown
    /// `params.ref.name` of a `ref/prompt` is missing or not a string.
    case referenceNameInvalid
    /// `params.ref.uri` of a `ref/resource` is missing or not a string.
    case referenceURIInvalid
    /// `params.taskId` is missing.
    case taskIDMissing
    /// `params.taskId` is not a string.
    case taskIDNotString
    /// `params.notifications` is missing.
    case subscriptionMissing
    /// `params.notifications` is not an object.
    case subscriptionNotObject
    /// `resourceSubscriptions` is not an array of strings.
    case subscribedResourcesInvalid
    /// `taskIds` is not an array of strings.
    case subscribedTasksInvalid
}
