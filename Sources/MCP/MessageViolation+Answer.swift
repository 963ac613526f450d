extension MessageViolation {
    /// The answer to a request of that era: HTTP 400, and no code that the era does not know.
    ///
    /// Earlier revisions get -32602 nowhere: there a body that cannot be judged is an invalid
    /// request, and a tool's own complaint about its parameters stays distinguishable.
    package func answer(for era: ProtocolEra) -> JSONRPCError {
        let code =
            switch (fault, era) {
            case (.parse, _): JSONRPCError.parseError
            case (.request, _), (.parameters, .legacy): JSONRPCError.invalidRequest
            case (.parameters, .modern): JSONRPCError.invalidParams
            }
        return JSONRPCError(code: code, message: sentence, status: 400)
    }

    /// The three standing complaints of JSON-RPC 2.0 §5.1 about a message.
    private enum Fault { case parse, request, parameters }

    private var fault: Fault {
        switch self {
        case .json: .parse
        case .array, .notObject, .memberTwin, .versionMissing, .versionNotTwo, .idNull,
            .idNotInteger, .idWrongKind, .methodNotString, .methodBesideResult, .methodBesideError,
            .resultBesideError, .methodMissing, .responseWithoutID, .resultNotObject,
            .errorNotObject, .paramsNotObject, .requestWithoutID, .notificationWithID:
            .request
        case .paramsTwin, .metaTwin, .referenceTwin, .subscriptionTwin, .metaNotObject,
            .metaVersionNotString, .progressTokenInvalid, .relatedTaskInvalid, .nameMissing,
            .nameNotString, .argumentsNotObject, .uriMissing, .uriNotString, .referenceMissing,
            .referenceNotObject, .referenceTypeUnknown, .referenceNameInvalid,
            .referenceURIInvalid, .taskIDMissing, .taskIDNotString, .subscriptionMissing,
            .subscriptionNotObject, .subscribedResourcesInvalid, .subscribedTasksInvalid:
            .parameters
        }
    }

    /// One plain sentence that is safe to send: it repeats nothing of the body.
    package var sentence: String {
        switch self {
        case .json: "The body is not one unambiguous JSON text"
        case .array: "Batches are not accepted"
        case .notObject: "The body is not a JSON-RPC message"
        case .memberTwin: "A member of the message differs from a JSON-RPC member only in case"
        case .paramsTwin: "A member of params differs from a known one only in case"
        case .metaTwin: "A member of params._meta differs from a known one only in case"
        case .referenceTwin: "A member of params.ref differs from a known one only in case"
        case .subscriptionTwin:
            "A member of params.notifications differs from a known one only in case"
        case .versionMissing: "jsonrpc is missing"
        case .versionNotTwo: "jsonrpc must be \"2.0\""
        case .idNull: "id must not be null"
        case .idNotInteger, .idWrongKind: "id must be a string or an integer"
        case .methodNotString: "method must be a string"
        case .methodBesideResult: "method and result exclude each other"
        case .methodBesideError: "method and error exclude each other"
        case .resultBesideError: "result and error exclude each other"
        case .methodMissing: "method is missing"
        case .responseWithoutID: "A response needs an id"
        case .resultNotObject: "result must be an object"
        case .errorNotObject: "error must be an object"
        case .paramsNotObject: "params must be an object"
        case .requestWithoutID: "A request needs an id"
        case .notificationWithID: "A notification has no id"
        case .metaNotObject: "params._meta must be an object"
        case .metaVersionNotString: "The protocol version in params._meta must be a string"
        case .progressTokenInvalid: "progressToken must be a string or an integer"
        case .relatedTaskInvalid: "The related task in params._meta must name a taskId"
        case .nameMissing: "params.name is missing"
        case .nameNotString: "params.name must be a string"
        case .argumentsNotObject: "params.arguments must be an object"
        case .uriMissing: "params.uri is missing"
        case .uriNotString: "params.uri must be a string"
        case .referenceMissing: "params.ref is missing"
        case .referenceNotObject: "params.ref must be an object"
        case .referenceTypeUnknown: "params.ref.type must be ref/prompt or ref/resource"
        case .referenceNameInvalid: "params.ref.name must be a string"
        case .referenceURIInvalid: "params.ref.uri must be a string"
        case .taskIDMissing: "params.taskId is missing"
        case .taskIDNotString: "params.taskId must be a string"
        case .subscriptionMissing: "params.notifications is missing"
        case .subscriptionNotObject: "params.notifications must be an object"
        case .subscribedResourcesInvalid: "resourceSubscriptions must be an array of strings"
        case .subscribedTasksInvalid: "taskIds must be an array of strings"
        }
    }
}
