import HTTP
import JSON
import MCP
import Testing

@Suite struct ParameterHeadersTests {
    static func headers(_ schema: String) throws -> ParameterHeaders? {
        let document = try JSONDocument(parsing: Array(schema.utf8))
        return ParameterHeaders(inputSchema: document.rootPosition, of: document)
    }

    @Test(arguments: MirroredCall.all)
    func `fields are compared with the arguments that they repeat`(_ call: MirroredCall) throws {
        let headers = try #require(try Self.headers(call.schema))
        var fields = Fields()
        fields.append("accept", "text/plain")
        for (name, value) in call.lines { fields.append(FieldName(name), value) }
        let arguments = try call.arguments.map { try JSONDocument(parsing: Array($0.utf8)).root }
        var violation: HeaderViolation?
        do throws(HeaderViolation) {
            try headers.compare(fields, with: arguments)
        } catch {
            violation = error
        }
        #expect(violation == call.expected)
    }

    @Test(arguments: [
        "items", "additionalItems", "prefixItems", "contains", "unevaluatedItems",
        "additionalProperties", "unevaluatedProperties", "propertyNames", "allOf", "anyOf",
        "oneOf", "not", "if", "then", "else", "contentSchema",
    ])
    func `an annotation under a keyword that is no property is unsound`(_ keyword: String) throws {
        let schema = MirroredCall.string
        for inner in [schema, "[\(schema)]", #"{"properties":{"x":\#(schema)}}"#] {
            for text in [
                #"{"\#(keyword)":\#(inner)}"#, #"{"properties":{"a":{"\#(keyword)":\#(inner)}}}"#,
            ] {
                let headers = try #require(try Self.headers(text), "\(text)")
                #expect(!headers.isSound, "\(text)")
                #expect(headers.parameters.map(\.place) == [.nowhere], "\(text)")
            }
        }
    }

    @Test(arguments: [
        "patternProperties", "dependentSchemas", "dependencies", "definitions", "$defs",
    ])
    func `an annotation in a schema under any name is unsound`(_ keyword: String) throws {
        let text = #"{"\#(keyword)":{"A":{"properties":{"x":\#(MirroredCall.string)}}}}"#
        let headers = try #require(try Self.headers(text))
        #expect(!headers.isSound)
        #expect(headers.parameters.map(\.place) == [.nowhere])
    }

    @Test(arguments: [
        #"{"x-mcp-header":"Region","type":"string"}"#,
        MirroredCall.one(#"{"type":"string","x-mcp-header":""}"#),
        MirroredCall.one(#"{"type":"string","x-mcp-header":"a b"}"#),
        MirroredCall.one(#"{"type":"string","x-mcp-header":"a:b"}"#),
        MirroredCall.one(#"{"type":"string","x-mcp-header":"a\r\nb"}"#),
        MirroredCall.one(#"{"type":"string","x-mcp-header":"é"}"#),
        MirroredCall.one(#"{"type":"string","x-mcp-header":1}"#),
        MirroredCall.one(#"{"type":"string","x-mcp-header":null}"#),
        MirroredCall.one(#"{"type":"null","x-mcp-header":"Region"}"#),
        MirroredCall.one(#"{"type":"array","x-mcp-header":"Region"}"#),
    ])
    func `an annotation that breaks a rule makes the definition unsound`(_ schema: String) throws {
        #expect(try #require(try Self.headers(schema)).isSound == false)
    }

    @Test(arguments: [
        #"{"type":"object"}"#, #"{"properties":{"x-mcp-header":{"type":"string"}}}"#,
        #"{"properties":{"a":{"type":"string","default":{"x-mcp-header":"Region"}}}}"#,
        #"{"properties":{"a":{"enum":[{"x-mcp-header":"Region"}]}}}"#,
        #"{"examples":[{"x-mcp-header":"Region"}],"const":{"x-mcp-header":"Region"}}"#,
        #"{"properties":{"a":{"type":"string","X-MCP-Header":"Region"}}}"#, "true", "[]",
        #"{"properties":[{"x-mcp-header":"Region"}]}"#,
    ])
    func `data are not taken for annotations`(_ schema: String) throws {
        #expect(try Self.headers(schema) == nil)
    }

    @Test func `an annotation is found however its name is written`() throws {
        let schema = MirroredCall.one(#"{"type":"string","x\u002dmcp-header":"Region"}"#)
        let headers = try #require(try Self.headers(schema))
        #expect(headers.isSound)
        #expect(headers.parameters.map(\.fieldName) == ["Mcp-Param-Region"])
        #expect(headers.parameters.map(\.place) == [.argument([Array("region".utf8)])])
    }

    @Test(arguments: [
        MirroredCall.missing, MirroredCall.twice, MirroredCall.undecodable, MirroredCall.differs,
        MirroredCall.unexpected, MirroredCall.ambiguous, MirroredCall.twin,
    ])
    func `a disagreement is a 400 with -32020 that names the field`(
        _ violation: HeaderViolation
    ) throws {
        let answer = violation.answer(for: .modern)
        #expect(answer.status == 400)
        #expect(answer.code == -32020)
        #expect(answer.message.contains("Mcp-Param-Region"))
    }
}
