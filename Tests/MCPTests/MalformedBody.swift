import JSON
import MCP
import Testing

/// A body that is refused, and how.
struct MalformedBody: Sendable, CustomTestStringConvertible {
    let body: String
    let violation: MessageViolation
    var testDescription: String { "\(violation): \(body.prefix(90))" }

    init(_ body: String, _ violation: MessageViolation) {
        self.body = body
        self.violation = violation
    }

    /// A request of that method and params, which are JSON.
    static func params(
        _ method: String, _ params: String, _ violation: MessageViolation
    ) -> MalformedBody {
        MalformedBody(
            #"{"jsonrpc":"2.0","id":7,"method":"\#(method)","params":\#(params)}"#, violation)
    }

    static let all = json + arrays + envelopes + ids + kinds + twins + calls + others

    /// Not one JSON text, or one with two readings.
    static let json: [MalformedBody] = [
        MalformedBody("", .json(.unexpectedEnd(offset: 0))),
        MalformedBody("   ", .json(.unexpectedEnd(offset: 3))),
        MalformedBody("{", .json(.unexpectedEnd(offset: 1))),
        MalformedBody("\u{FEFF}{}", .json(.byteOrderMark(offset: 0))),
        MalformedBody("{}{}", .json(.trailingBytes(offset: 2))),
        MalformedBody(#"{"id":1,"id":2}"#, .json(.duplicateName(offset: 8))),
        MalformedBody(
            #"{"method":"ping","m\u0065thod":"tools/call"}"#, .json(.duplicateName(offset: 17))),
        MalformedBody(
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","name":"b"}}"#,
            .json(.duplicateName(offset: 67))),
        MalformedBody(
            #"{"params":{"arguments":{"a":1,"\u0061":2}}}"#, .json(.duplicateName(offset: 30))),
        MalformedBody(#"{"id":01}"#, .json(.leadingZero(offset: 6))),
        MalformedBody(#"{"id":1,}"#, .json(.trailingComma(offset: 8))),
        MalformedBody("{'id':1}", .json(.nameExpected(offset: 1))),
        MalformedBody("{\"id\":\"\u{1}\"}", .json(.controlCharacter(offset: 7))),
        MalformedBody(#"{"id":"\ud800"}"#, .json(.loneSurrogate(offset: 7))),
        MalformedBody(#"{"id":nul}"#, .json(.misspelledLiteral(offset: 6))),
        MalformedBody("{\"id\":\"a", .json(.unterminatedString(offset: 6))),
        MalformedBody(
            String(repeating: "[", count: 100), .json(.tooDeep(offset: 64))),
        MalformedBody(
            "{\"" + String(repeating: "n", count: 300) + "\":1}", .json(.nameTooLong(offset: 1))),
    ]

    static let arrays: [MalformedBody] = [
        MalformedBody("[]", .array),
        MalformedBody(" [ ] ", .array),
        MalformedBody("[[]]", .array),
        MalformedBody("[1]", .array),
        MalformedBody(#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, .array),
        MalformedBody(#"[[{"jsonrpc":"2.0","id":1,"method":"ping"}]]"#, .array),
        MalformedBody(
            #"[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"x"}]"#, .array),
        MalformedBody("null", .notObject),
        MalformedBody("true", .notObject),
        MalformedBody("false", .notObject),
        MalformedBody("1", .notObject),
        MalformedBody("1e999999999", .notObject),
        MalformedBody(#""{}""#, .notObject),
    ]

    static let envelopes: [MalformedBody] = [
        MalformedBody("{}", .versionMissing),
        MalformedBody(#"{"id":1,"method":"ping"}"#, .versionMissing),
        MalformedBody(#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, .versionNotTwo),
        MalformedBody(#"{"jsonrpc":"2","id":1,"method":"ping"}"#, .versionNotTwo),
        MalformedBody(#"{"jsonrpc":"2.00","id":1,"method":"ping"}"#, .versionNotTwo),
        MalformedBody(#"{"jsonrpc":" 2.0","id":1,"method":"ping"}"#, .versionNotTwo),
        MalformedBody(#"{"jsonrpc":2.0,"id":1,"method":"ping"}"#, .versionNotTwo),
        MalformedBody(#"{"jsonrpc":2,"id":1,"method":"ping"}"#, .versionNotTwo),
        MalformedBody(#"{"jsonrpc":null,"id":1,"method":"ping"}"#, .versionNotTwo),
        MalformedBody(#"{"jsonrpc":["2.0"],"id":1,"method":"ping"}"#, .versionNotTwo),
        MalformedBody(#"{"jsonrpc":"2.0"}"#, .methodMissing),
        MalformedBody(#"{"jsonrpc":"2.0","id":1}"#, .methodMissing),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"params":{}}"#, .methodMissing),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"method":null}"#, .methodNotString),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"method":1}"#, .methodNotString),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"method":["ping"]}"#, .methodNotString),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"method":{"ping":1}}"#, .methodNotString),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"method":true}"#, .methodNotString),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}"#, .paramsNotObject),
        MalformedBody(
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":["name","x"]}"#,
            .paramsNotObject),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"method":"ping","params":null}"#, .paramsNotObject),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"method":"ping","params":"a"}"#, .paramsNotObject),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"method":"ping","params":1}"#, .paramsNotObject),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"method":"x","params":false}"#, .paramsNotObject),
    ]

    static let ids: [MalformedBody] = [
        MalformedBody(#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, .idNull),
        MalformedBody(#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, .idNotInteger),
        MalformedBody(#"{"jsonrpc":"2.0","id":1.0,"method":"ping"}"#, .idNotInteger),
        MalformedBody(#"{"jsonrpc":"2.0","id":1e2,"method":"ping"}"#, .idNotInteger),
        MalformedBody(
            #"{"jsonrpc":"2.0","id":9223372036854775808,"method":"ping"}"#, .idNotInteger),
        MalformedBody(#"{"jsonrpc":"2.0","id":1e999999999,"method":"ping"}"#, .idNotInteger),
        MalformedBody(
            #"{"jsonrpc":"2.0","id":1\#(String(repeating: "0", count: 5000)),"method":"ping"}"#,
            .idNotInteger),
        MalformedBody(#"{"jsonrpc":"2.0","id":true,"method":"ping"}"#, .idWrongKind),
        MalformedBody(#"{"jsonrpc":"2.0","id":false,"method":"ping"}"#, .idWrongKind),
        MalformedBody(#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, .idWrongKind),
        MalformedBody(#"{"jsonrpc":"2.0","id":[1],"method":"ping"}"#, .idWrongKind),
        MalformedBody(#"{"jsonrpc":"2.0","id":null,"result":{}}"#, .idNull),
        MalformedBody(
            #"{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"m"}}"#, .idNull),
        MalformedBody(#"{"jsonrpc":"2.0","id":2.5,"result":{}}"#, .idNotInteger),
        MalformedBody(#"{"jsonrpc":"2.0","id":[],"result":{}}"#, .idWrongKind),
        MalformedBody(
            #"{"jsonrpc":"2.0","id":1,"method":"notifications/initialized"}"#, .notificationWithID),
        MalformedBody(
            #"{"jsonrpc":"2.0","id":"a","method":"notifications/x"}"#, .notificationWithID),
        MalformedBody(#"{"jsonrpc":"2.0","id":null,"method":"notifications/x"}"#, .idNull),
        MalformedBody(
            #"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"x"}}"#, .requestWithoutID),
        MalformedBody(#"{"jsonrpc":"2.0","method":"tools/list"}"#, .requestWithoutID),
        MalformedBody(#"{"jsonrpc":"2.0","method":"ping"}"#, .requestWithoutID),
        MalformedBody(
            #"{"jsonrpc":"2.0","method":"initialize","params":{}}"#, .requestWithoutID),
    ]

    static let kinds: [MalformedBody] = [
        MalformedBody(
            #"{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}"#, .methodBesideResult),
        MalformedBody(
            #"{"jsonrpc":"2.0","id":1,"result":{},"method":"tools/call","params":{"name":"x"}}"#,
            .methodBesideResult),
        MalformedBody(
            #"{"jsonrpc":"2.0","id":1,"method":"ping","result":null}"#, .methodBesideResult),
        MalformedBody(
            #"{"jsonrpc":"2.0","id":1,"method":"ping","error":{}}"#, .methodBesideError),
        MalformedBody(
            #"{"jsonrpc":"2.0","method":"notifications/x","error":null}"#, .methodBesideError),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"method":null,"result":{}}"#, .methodBesideResult),
        MalformedBody(
            #"{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"m"}}"#,
            .resultBesideError),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"result":{},"error":null}"#, .resultBesideError),
        MalformedBody(#"{"jsonrpc":"2.0","result":{}}"#, .responseWithoutID),
        MalformedBody(
            #"{"jsonrpc":"2.0","error":{"code":1,"message":"m"}}"#, .responseWithoutID),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"result":null}"#, .resultNotObject),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"result":[]}"#, .resultNotObject),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"result":"ok"}"#, .resultNotObject),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"error":null}"#, .errorNotObject),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"error":"no"}"#, .errorNotObject),
        MalformedBody(#"{"jsonrpc":"2.0","id":1,"error":[]}"#, .errorNotObject),
    ]
}
