import HTTP
import JSON
import MCP
import Testing

/// A call of a tool, the fields that repeat its arguments, and the disagreement there must be.
struct MirroredCall: Sendable, CustomTestStringConvertible {
    let title: String
    let schema: String
    let arguments: String?
    let lines: [(String, String)]
    let expected: HeaderViolation?
    var testDescription: String { title }

    static let string = #"{"type":"string","x-mcp-header":"Region"}"#
    static let integer = #"{"type":"integer","x-mcp-header":"Region"}"#
    static let boolean = #"{"type":"boolean","x-mcp-header":"Region"}"#
    static let field = "Mcp-Param-Region"

    /// A call whose argument `region` of that type has that value, if any.
    init(
        _ title: String, _ type: String = string, _ value: String? = nil, sends lines: [String],
        _ expected: HeaderViolation? = nil
    ) {
        self.init(
            title, schema: #"{"type":"object","properties":{"region":\#(type)}}"#,
            value.map { #"{"region":\#($0)}"# }, sends: lines.map { (Self.field, $0) }, expected)
    }

    init(
        _ title: String, schema: String, _ arguments: String?, sends lines: [(String, String)],
        _ expected: HeaderViolation? = nil
    ) {
        self.title = title
        self.schema = schema
        self.arguments = arguments
        self.lines = lines
        self.expected = expected
    }

    static let missing = HeaderViolation.parameterMissing(field)
    static let twice = HeaderViolation.parameterTwice(field)
    static let undecodable = HeaderViolation.parameterUndecodable(field)
    static let differs = HeaderViolation.parameterDiffers(field)
    static let unexpected = HeaderViolation.parameterUnexpected(field)
    static let ambiguous = HeaderViolation.parameterAmbiguous(field)
    static let twin = HeaderViolation.parameterTwin(field)

    static let all = texts + encodings + numbers + presence + names + paths + unsound

    static let texts = [
        MirroredCall("the same text", string, #""eu""#, sends: ["eu"]),
        MirroredCall("another text", string, #""eu""#, sends: ["us"], differs),
        MirroredCall("a text in other case", string, #""eu""#, sends: ["EU"], differs),
        MirroredCall("a longer text", string, #""eu""#, sends: ["eu-west"], differs),
        MirroredCall("an escaped text", string, #""\u0065u""#, sends: ["eu"]),
        MirroredCall("an empty text", string, #""""#, sends: [""]),
        MirroredCall("an empty field for a text", string, #""eu""#, sends: [""], differs),
        MirroredCall("true", boolean, "true", sends: ["true"]),
        MirroredCall("true in capitals", boolean, "true", sends: ["True"], differs),
        MirroredCall("false for true", boolean, "true", sends: ["false"], differs),
        MirroredCall("false", boolean, "false", sends: ["false"]),
        MirroredCall("a text for a boolean", boolean, #""true""#, sends: ["true"]),
        MirroredCall("null as text", string, "null", sends: ["null"], unexpected),
        MirroredCall("an object", string, #"{"a":1}"#, sends: [#"{"a":1}"#], differs),
        MirroredCall("an array", string, #"["eu"]"#, sends: ["eu"], differs),
    ]

    // MCP 2026-07-28 basic/transports/streamable-http, encoding examples.
    static let encodings = [
        MirroredCall("plain", string, #""us-west1""#, sends: ["us-west1"]),
        MirroredCall(
            "not ASCII", string, #""Hello, 世界""#, sends: ["=?base64?SGVsbG8sIOS4lueVjA==?="]),
        MirroredCall("not ASCII, as it is", string, #""世界""#, sends: ["世界"], undecodable),
        MirroredCall("padded", string, #"" padded ""#, sends: ["=?base64?IHBhZGRlZCA=?="]),
        MirroredCall("padding lost", string, #"" padded ""#, sends: ["padded"], differs),
        MirroredCall(
            "two lines", string, #""line1\nline2""#, sends: ["=?base64?bGluZTEKbGluZTI=?="]),
        MirroredCall(
            "looks encoded", string, #""=?base64?literal?=""#,
            sends: ["=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="]),
        MirroredCall(
            "looks encoded, as it is", string, #""=?base64?eA==?=""#, sends: ["=?base64?eA==?="],
            differs),
        MirroredCall("an empty text, encoded", string, #""""#, sends: ["=?base64??="]),
        MirroredCall("encoded without need", string, #""eu""#, sends: ["=?base64?ZXU=?="]),
        MirroredCall("another, encoded", string, #""eu""#, sends: ["=?base64?dXM=?="], differs),
        MirroredCall("a number, encoded", integer, "5", sends: ["=?base64?NQ==?="]),
        MirroredCall("no padding", string, #""eu""#, sends: ["=?base64?ZXU?="], undecodable),
        MirroredCall("a needless bit", string, #""eu""#, sends: ["=?base64?ZXV=?="], undecodable),
        MirroredCall(
            "base64 for URLs", string, #""eu""#, sends: ["=?base64?_-_-?="], undecodable),
        MirroredCall("not UTF-8", string, #""eu""#, sends: ["=?base64?/w==?="], undecodable),
        MirroredCall(
            "the marker in capitals", string, #""eu""#, sends: ["=?BASE64?ZXU=?="], differs),
        MirroredCall(
            "encoded wrongly, without argument", string, "null", sends: ["=?base64?ZXU?="],
            undecodable),
    ]

    static let numbers = [
        MirroredCall("an integer", integer, "42", sends: ["42"]),
        MirroredCall("below zero", integer, "-7", sends: ["-7"]),
        MirroredCall("another integer", integer, "42", sends: ["43"], differs),
        MirroredCall("the other sign", integer, "42", sends: ["-42"], differs),
        MirroredCall("a fraction of zero in the field", integer, "42", sends: ["42.0"]),
        MirroredCall("a fraction of zero in the body", integer, "42.0", sends: ["42"]),
        MirroredCall("a power in the body", integer, "4.2e1", sends: ["42"]),
        MirroredCall("a power in both", integer, "1e+20", sends: ["1e+20"]),
        MirroredCall("a power in the field", integer, "100", sends: ["1e2"], differs),
        MirroredCall("a fraction", integer, "1.5", sends: ["1.5"]),
        MirroredCall("a longer fraction", integer, "1.5", sends: ["1.50"]),
        MirroredCall("another fraction", integer, "1.5", sends: ["1.51"], differs),
        MirroredCall("zeros before", integer, "42", sends: ["042"], differs),
        MirroredCall("a plus", integer, "42", sends: ["+42"], differs),
        MirroredCall("hexadecimal", integer, "42", sends: ["0x2a"], differs),
        MirroredCall("nothing behind the point", integer, "42", sends: ["42."], differs),
        MirroredCall("a list", integer, "42", sends: ["42, 42"], differs),
        MirroredCall("zero below zero", integer, "0", sends: ["-0"]),
        MirroredCall(
            "more digits than a double has", integer, "9007199254740993",
            sends: ["9007199254740993.0"]),
        MirroredCall(
            "the same as a double, but another", integer, "9007199254740993",
            sends: ["9007199254740992"], differs),
        MirroredCall(
            "beyond 64 bits", integer, "100000000000000000000", sends: ["100000000000000000000.0"]),
        MirroredCall("a power beyond reason", integer, "1e9999999999", sends: ["1"], differs),
        MirroredCall("a text that is a number", integer, #""42""#, sends: ["42"]),
        MirroredCall("a text that would be equal", integer, #""42""#, sends: ["42.0"], differs),
        MirroredCall("a number where a text was declared", string, "42", sends: ["42"]),
        MirroredCall("no number was declared", string, "42", sends: ["42.0"], differs),
    ]

    static let presence = [
        MirroredCall("neither", string, "null", sends: []),
        MirroredCall("neither, without arguments", sends: []),
        MirroredCall("a field for null", string, "null", sends: ["eu"], unexpected),
        MirroredCall("a field without arguments", sends: ["eu"], unexpected),
        MirroredCall(
            "a field for an argument that is not there",
            schema: #"{"properties":{"region":\#(string)}}"#, #"{"query":"x"}"#,
            sends: [(field, "eu")], unexpected),
        MirroredCall("no field for a text", string, #""eu""#, sends: [], missing),
        MirroredCall("no field for an empty text", string, #""""#, sends: [], missing),
        MirroredCall("no field for false", boolean, "false", sends: [], missing),
        MirroredCall("no field for zero", integer, "0", sends: [], missing),
        MirroredCall("no field for an object", string, "{}", sends: []),
        MirroredCall("no field for an array", string, #"["eu"]"#, sends: []),
        MirroredCall("twice", string, #""eu""#, sends: ["eu", "eu"], twice),
        MirroredCall("twice, for null", string, "null", sends: ["eu", "eu"], twice),
    ]

    static let names = [
        MirroredCall(
            "a name in other case", schema: one(string), #"{"region":"eu"}"#,
            sends: [("mcp-PARAM-rEGION", "eu")]),
        MirroredCall(
            "another value under a name in other case", schema: one(string), #"{"region":"eu"}"#,
            sends: [("MCP-PARAM-REGION", "us")], differs),
        MirroredCall(
            "twice, in two cases", schema: one(string), #"{"region":"eu"}"#,
            sends: [(field, "eu"), ("mcp-param-region", "us")], twice),
        MirroredCall(
            "a name with another byte for a dash", schema: one(string), #"{"region":"eu"}"#,
            sends: [(field, "eu"), ("Mcp_Param-Region", "us")], twice),
        MirroredCall(
            "only such a name", schema: one(string), #"{"region":null}"#,
            sends: [("Mcp-Param_Region", "us")], twice),
        MirroredCall(
            "a name that no annotation has", schema: one(string), #"{"region":"eu","zone":"a"}"#,
            sends: [(field, "eu"), ("Mcp-Param-Zone", "b")]),
        MirroredCall(
            "the name of the argument", schema: one(string), #"{"region":null,"Region":1}"#,
            sends: [], twin),
        MirroredCall(
            "an argument in other case beside it", schema: one(string),
            #"{"REGION":"us","region":"eu"}"#, sends: [(field, "eu")], twin),
    ]

    static let nested =
        #"{"properties":{"where":{"type":"object","properties":{"zone":{"type":"string","#
        + #""x-mcp-header":"Region"}}},"zone":{"type":"string"}}}"#

    static let paths = [
        MirroredCall(
            "a nested argument", schema: nested, #"{"where":{"zone":"eu"},"zone":"us"}"#,
            sends: [(field, "eu")]),
        MirroredCall(
            "the outer one of that name", schema: nested, #"{"where":{"zone":"eu"},"zone":"us"}"#,
            sends: [(field, "us")], differs),
        MirroredCall(
            "no nested argument", schema: nested, #"{"where":{},"zone":"us"}"#, sends: []),
        MirroredCall(
            "a way that leads nowhere", schema: nested, #"{"where":"eu"}"#,
            sends: [(field, "eu")], unexpected),
        MirroredCall(
            "a nested one without field", schema: nested, #"{"where":{"zone":"eu"}}"#, sends: [],
            missing),
        MirroredCall(
            "a twin on the way", schema: nested, #"{"where":{"zone":"eu"},"Where":{}}"#,
            sends: [(field, "eu")], twin),
    ]

    static func one(_ type: String) -> String { #"{"properties":{"region":\#(type)}}"# }

    /// Definitions that clients leave out of their lists: nothing is asked for, but what is sent has
    /// to agree, and where it has nothing to agree with it is refused.
    static let unsound = [
        MirroredCall(
            "a number, and no field", #"{"type":"number","x-mcp-header":"Region"}"#, "1.5",
            sends: []),
        MirroredCall(
            "a number", #"{"type":"number","x-mcp-header":"Region"}"#, "1.5", sends: ["1.50"]),
        MirroredCall(
            "another number", #"{"type":"number","x-mcp-header":"Region"}"#, "1.5", sends: ["2"],
            differs),
        MirroredCall(
            "an object", #"{"type":"object","x-mcp-header":"Region"}"#, "{}", sends: ["x"],
            ambiguous),
        MirroredCall(
            "a list of types", #"{"type":["string","null"],"x-mcp-header":"Region"}"#, #""eu""#,
            sends: ["eu"], ambiguous),
        MirroredCall(
            "no type", #"{"x-mcp-header":"Region"}"#, #""eu""#, sends: ["eu"], ambiguous),
        MirroredCall("no type, and no field", #"{"x-mcp-header":"Region"}"#, #""eu""#, sends: []),
        MirroredCall(
            "two of one name",
            schema: #"{"properties":{"a":\#(string),"b":{"type":"string","#
                + #""x-mcp-header":"rEGION"}}}"#,
            #"{"a":"eu","b":"eu"}"#, sends: [(field, "eu")], ambiguous),
        MirroredCall(
            "two of which one reader makes one",
            schema: #"{"properties":{"a":{"type":"string","x-mcp-header":"Re-gion"},"b":{"#
                + #""type":"string","x-mcp-header":"Re_gion"}}}"#,
            #"{"a":"eu","b":"eu"}"#, sends: [("Mcp-Param-Re-gion", "eu")],
            .parameterAmbiguous("Mcp-Param-Re-gion")),
        MirroredCall(
            "a sound one beside an unsound one",
            schema: #"{"properties":{"region":\#(string),"b":{"x-mcp-header":"b"}}}"#,
            #"{"region":"eu"}"#, sends: [(field, "us")], differs),
        MirroredCall(
            "a sound one beside an unsound one, and no field",
            schema: #"{"properties":{"region":\#(string),"b":{"x-mcp-header":"b"}}}"#,
            #"{"region":"eu"}"#, sends: []),
    ]
}
