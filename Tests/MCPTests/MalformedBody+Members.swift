import MCP

extension MalformedBody {
    private static let version = "io.modelcontextprotocol/protocolVersion"

    /// Names that differ from one that is read only in case, as some parsers see case.
    static let twins: [MalformedBody] = [
        MalformedBody(
            #"{"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/call"}"#, .memberTwin),
        MalformedBody(
            #"{"jsonrpc":"2.0","id":1,"METHOD":"tools/call","method":"ping"}"#, .memberTwin),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"Method":"ping"}"#, .memberTwin),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"m\u0045thod":"ping"}"#, .memberTwin),
        MalformedBody(#"{"JSONRPC":"2.0","id":1,"method":"ping"}"#, .memberTwin),
        MalformedBody("{\"j\u{17F}onrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}", .memberTwin),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"ID":2,"method":"ping"}"#, .memberTwin),
        MalformedBody(#"{"jsonrpc":"2.0","Id":1,"method":"ping"}"#, .memberTwin),
        MalformedBody("{\"jsonrpc\":\"2.0\",\"\u{131}d\":1,\"method\":\"ping\"}", .memberTwin),
        MalformedBody("{\"jsonrpc\":\"2.0\",\"\u{130}d\":1,\"method\":\"ping\"}", .memberTwin),
        MalformedBody(
            #"{"jsonrpc":"2.0","id":1,"method":"ping","PARAMS":{}}"#, .memberTwin),
        MalformedBody(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"param\u{17F}\":{}}", .memberTwin),
        MalformedBody(
            #"{"jsonrpc":"2.0","id":1,"method":"ping","param\u017f":{}}"#, .memberTwin),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"Result":{}}"#, .memberTwin),
        MalformedBody(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"re\u{17F}ult\":{},\"result\":{}}", .memberTwin),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"eRROR":{},"method":"ping"}"#, .memberTwin),
        MalformedBody(
            #"{"jsonrpc":"2.0","id":1,"method":"ping","method\u0000x":"tools/call"}"#, .memberTwin),
        MalformedBody(
            #"{"jsonrpc":"2.0","id":1,"PARAMS\u0000":{},"method":"ping"}"#, .memberTwin),
        .params("tools/call", #"{"name":"x","name\u0000":"y"}"#, .paramsTwin),
        .params("tools/call", #"{"Name":"x"}"#, .paramsTwin),
        .params("tools/call", #"{"name":"x","NAME":"y"}"#, .paramsTwin),
        .params("tools/call", #"{"name":"x","Arguments":{}}"#, .paramsTwin),
        .params("tools/call", "{\"name\":\"x\",\"argument\u{17F}\":{}}", .paramsTwin),
        .params("tools/call", #"{"name":"x","arguments":{},"argument\u017F":{}}"#, .paramsTwin),
        .params("tools/call", #"{"name":"x","_META":{}}"#, .paramsTwin),
        .params("tools/list", #"{"_Meta":{}}"#, .paramsTwin),
        .params("resources/read", #"{"uri":"a:b","URI":"a:c"}"#, .paramsTwin),
        .params("resources/read", "{\"ur\u{131}\":\"a:b\"}", .paramsTwin),
        .params("completion/complete", #"{"Ref":{}}"#, .paramsTwin),
        .params("tasks/get", #"{"taskID":"a"}"#, .paramsTwin),
        .params("tasks/get", "{\"taskId\":\"a\",\"tas\u{212A}Id\":\"b\"}", .paramsTwin),
        .params("tasks/get", #"{"taskId":"a","ta\u017f\u212aid":"b"}"#, .paramsTwin),
        .params("subscriptions/listen", #"{"Notifications":{}}"#, .paramsTwin),
        .params("custom/do", #"{"_metA":{}}"#, .paramsTwin),
        .params("ping", #"{"_meta":{"IO.modelcontextprotocol/protocolVersion":"a"}}"#, .metaTwin),
        .params("ping", #"{"_meta":{"io.modelcontextprotocol/protocolversion":"a"}}"#, .metaTwin),
        .params(
            "ping", #"{"_meta":{"\#(version)":"a","io.modelcontextprotocol/PROTOCOLVERSION":"b"}}"#,
            .metaTwin),
        .params(
            "ping",
            "{\"_meta\":{\"io.modelcontextprotocol/protocolVer\u{17F}ion\":\"2026-07-28\"}}",
            .metaTwin),
        .params("ping", #"{"_meta":{"ProgressToken":1}}"#, .metaTwin),
        .params("ping", #"{"_meta":{"io.modelcontextprotocol/Related-Task":{}}}"#, .metaTwin),
        .params(
            "completion/complete", #"{"ref":{"type":"ref/prompt","name":"a","Name":"b"}}"#,
            .referenceTwin),
        .params(
            "completion/complete", #"{"ref":{"Type":"ref/prompt","name":"a"}}"#, .referenceTwin),
        .params(
            "completion/complete", #"{"ref":{"type":"ref/resource","uRi":"a"}}"#, .referenceTwin),
        .params(
            "subscriptions/listen", #"{"notifications":{"ResourceSubscriptions":["a:b"]}}"#,
            .subscriptionTwin),
        .params(
            "subscriptions/listen", "{\"notifications\":{\"tas\u{212A}Ids\":[\"t\"]}}",
            .subscriptionTwin),
    ]

    static let calls: [MalformedBody] = [
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#, .nameMissing),
        .params("tools/call", "{}", .nameMissing),
        .params("tools/call", #"{"arguments":{}}"#, .nameMissing),
        .params("tools/call", #"{"name":null}"#, .nameNotString),
        .params("tools/call", #"{"name":1}"#, .nameNotString),
        .params("tools/call", #"{"name":["x"]}"#, .nameNotString),
        .params("tools/call", #"{"name":{"name":"x"}}"#, .nameNotString),
        .params("tools/call", #"{"name":true}"#, .nameNotString),
        .params("tools/call", #"{"name":"x","arguments":[]}"#, .argumentsNotObject),
        .params("tools/call", #"{"name":"x","arguments":"{}"}"#, .argumentsNotObject),
        .params("tools/call", #"{"name":"x","arguments":0}"#, .argumentsNotObject),
        .params("prompts/get", "{}", .nameMissing),
        .params("prompts/get", #"{"name":null}"#, .nameNotString),
        .params("prompts/get", #"{"name":"x","arguments":[]}"#, .argumentsNotObject),
        .params("resources/read", "{}", .uriMissing),
        .params("resources/read", #"{"name":"a:b"}"#, .uriMissing),
        .params("resources/read", #"{"uri":null}"#, .uriNotString),
        .params("resources/read", #"{"uri":["a:b"]}"#, .uriNotString),
        .params("resources/subscribe", "{}", .uriMissing),
        .params("resources/subscribe", #"{"uri":7}"#, .uriNotString),
        .params("resources/unsubscribe", "{}", .uriMissing),
        .params("resources/unsubscribe", #"{"uri":{}}"#, .uriNotString),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"method":"resources/read"}"#, .uriMissing),
    ]

    static let others: [MalformedBody] = [
        .params("completion/complete", "{}", .referenceMissing),
        .params("completion/complete", #"{"ref":null}"#, .referenceNotObject),
        .params("completion/complete", #"{"ref":"ref/prompt"}"#, .referenceNotObject),
        .params("completion/complete", #"{"ref":{}}"#, .referenceTypeUnknown),
        .params("completion/complete", #"{"ref":{"name":"a"}}"#, .referenceTypeUnknown),
        .params(
            "completion/complete", #"{"ref":{"type":"ref/tool","name":"a"}}"#,
            .referenceTypeUnknown),
        .params(
            "completion/complete", #"{"ref":{"type":"Ref/prompt","name":"a"}}"#,
            .referenceTypeUnknown),
        .params("completion/complete", #"{"ref":{"type":"ref/prompt"}}"#, .referenceNameInvalid),
        .params(
            "completion/complete", #"{"ref":{"type":"ref/prompt","uri":"a:b"}}"#,
            .referenceNameInvalid),
        .params(
            "completion/complete", #"{"ref":{"type":"ref/prompt","name":1}}"#,
            .referenceNameInvalid),
        .params("completion/complete", #"{"ref":{"type":"ref/resource"}}"#, .referenceURIInvalid),
        .params(
            "completion/complete", #"{"ref":{"type":"ref/resource","uri":null}}"#,
            .referenceURIInvalid),
        .params("tasks/get", "{}", .taskIDMissing),
        .params("tasks/result", "{}", .taskIDMissing),
        .params("tasks/cancel", "{}", .taskIDMissing),
        .params("tasks/update", "{}", .taskIDMissing),
        .params("tasks/get", #"{"taskId":1}"#, .taskIDNotString),
        .params("tasks/future", #"{"taskId":[]}"#, .taskIDNotString),
        .params("tasks/list", #"{"taskId":[]}"#, .taskIDNotString),
        .params("subscriptions/listen", "{}", .subscriptionMissing),
        .params("subscriptions/listen", #"{"notifications":[]}"#, .subscriptionNotObject),
        .params("subscriptions/listen", #"{"notifications":null}"#, .subscriptionNotObject),
        .params(
            "subscriptions/listen", #"{"notifications":{"resourceSubscriptions":"a:b"}}"#,
            .subscribedResourcesInvalid),
        .params(
            "subscriptions/listen", #"{"notifications":{"resourceSubscriptions":["a:b",1]}}"#,
            .subscribedResourcesInvalid),
        .params(
            "subscriptions/listen", #"{"notifications":{"resourceSubscriptions":{"0":"a:b"}}}"#,
            .subscribedResourcesInvalid),
        .params(
            "subscriptions/listen", #"{"notifications":{"taskIds":null}}"#,
            .subscribedTasksInvalid),
        .params(
            "subscriptions/listen", #"{"notifications":{"taskIds":[["t"]]}}"#,
            .subscribedTasksInvalid),
        .params("ping", #"{"_meta":null}"#, .metaNotObject),
        .params("tools/list", #"{"_meta":[]}"#, .metaNotObject),
        .params("custom/do", #"{"_meta":"x"}"#, .metaNotObject),
        .params("ping", #"{"_meta":{"\#(version)":20260728}}"#, .metaVersionNotString),
        .params("ping", #"{"_meta":{"\#(version)":null}}"#, .metaVersionNotString),
        .params("ping", #"{"_meta":{"progressToken":null}}"#, .progressTokenInvalid),
        .params("ping", #"{"_meta":{"progressToken":1.5}}"#, .progressTokenInvalid),
        .params("ping", #"{"_meta":{"progressToken":[]}}"#, .progressTokenInvalid),
        .params(
            "ping", #"{"_meta":{"io.modelcontextprotocol/related-task":"t"}}"#, .relatedTaskInvalid
        ),
        .params(
            "ping", #"{"_meta":{"io.modelcontextprotocol/related-task":{"taskId":1}}}"#,
            .relatedTaskInvalid),
    ]
}
