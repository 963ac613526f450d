import HTTP
import MCP
import Testing

/// A request, its fields, and the revision or disagreement that must come of it.
struct Agreement: Sendable, CustomTestStringConvertible {
    let title: String
    let body: String
    let lines: [(FieldName, String)]
    let expected: Result<ProtocolRevision, HeaderDisagreement>
    var testDescription: String { title }

    static let envelope =
        #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","#
        + #""io.modelcontextprotocol/clientCapabilities":{}}"#

    init(
        _ title: String, _ body: String, _ lines: [(FieldName, String)],
        _ expected: Result<ProtocolRevision, HeaderDisagreement>
    ) {
        self.title = title
        self.body = body
        self.lines = lines
        self.expected = expected
    }

    /// A request of 2026-07-28 with all three fields, some of which are replaced or dropped.
    static func modern(
        _ title: String, _ method: String, _ params: String = "",
        version: [String] = ["2026-07-28"],
        method field: [String]? = nil, name: [String] = [], violation: HeaderViolation? = nil
    ) -> Agreement {
        var lines: [(FieldName, String)] = version.map { (.mcpProtocolVersion, $0) }
        lines += (field ?? [method]).map { (.mcpMethod, $0) }
        lines += name.map { (.mcpName, $0) }
        let body =
            #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":{\#(params)\#(envelope)}}"#
        let disagreement = violation.map { HeaderDisagreement(violation: $0, era: .modern) }
        return Agreement(
            title, body, lines, disagreement.map { .failure($0) } ?? .success(.v2026_07_28))
    }

    /// A message of an earlier revision.
    static func legacy(
        _ title: String, _ body: String, _ lines: [(FieldName, String)],
        _ revision: ProtocolRevision? = nil, violation: HeaderViolation = .methodDiffers
    ) -> Agreement {
        let disagreement = HeaderDisagreement(violation: violation, era: .legacy)
        return Agreement(
            title, body, lines, revision.map { .success($0) } ?? .failure(disagreement))
    }

    static let list = #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#
    static let call = #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get"}}"#
    static let initialize = #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}"#
    static let notification = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{}}"#
    static let response = #"{"jsonrpc":"2.0","id":1,"result":{}}"#

    static func meta(_ version: String) -> String {
        #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"#
            + #""io.modelcontextprotocol/protocolVersion":"\#(version)","#
            + #""io.modelcontextprotocol/clientCapabilities":{}}}}"#
    }

    static func failed(_ violation: HeaderViolation) -> Result<ProtocolRevision, HeaderDisagreement>
    {
        .failure(HeaderDisagreement(violation: violation, era: .modern))
    }

    static let all = eras + methods + names + earlier

    static let eras: [Agreement] = [
        modern("all agree", "tools/list"),
        modern("the field is missing", "tools/list", version: [], violation: .versionMissing),
        modern(
            "the field is there twice", "tools/list", version: ["2026-07-28", "2026-07-28"],
            violation: .versionTwice),
        modern(
            "the field is legacy", "tools/list", version: ["2025-11-25"],
            violation: .versionDiffers),
        modern("the field is empty", "tools/list", version: [""], violation: .versionDiffers),
        modern(
            "the field is a list", "tools/list", version: ["2026-07-28, 2026-07-28"],
            violation: .versionDiffers),
        Agreement(
            "no _meta under a modern field", list,
            [(.mcpProtocolVersion, "2026-07-28"), (.mcpMethod, "tools/list")],
            failed(.metaVersionMissing)),
        Agreement(
            "initialize under a modern field", initialize,
            [(.mcpProtocolVersion, "2026-07-28"), (.mcpMethod, "initialize")],
            failed(.metaVersionMissing)),
        Agreement(
            "no capabilities in _meta",
            #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"#
                + #""io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}"#,
            [(.mcpProtocolVersion, "2026-07-28"), (.mcpMethod, "tools/list")],
            failed(.metaCapabilitiesMissing)),
        Agreement(
            "capabilities that are no object",
            meta("2026-07-28").replacing(#"Capabilities":{}"#, with: #"Capabilities":1"#),
            [(.mcpProtocolVersion, "2026-07-28"), (.mcpMethod, "tools/list")],
            failed(.metaCapabilitiesMissing)),
        Agreement(
            "a revision to come, in both", meta("2027-01-01"),
            [(.mcpProtocolVersion, "2027-01-01"), (.mcpMethod, "tools/list")],
            failed(.versionUnsupported(requested: "2027-01-01"))),
        Agreement(
            "a revision to come, and another", meta("2027-01-01"),
            [(.mcpProtocolVersion, "2026-07-28"), (.mcpMethod, "tools/list")],
            failed(.versionDiffers)),
        Agreement(
            "an earlier revision in _meta only", meta("2025-11-25"), [], failed(.versionMissing)),
        Agreement(
            "an earlier revision in both", meta("2025-11-25"),
            [(.mcpProtocolVersion, "2025-11-25")], .success(.v2025_11_25)),
        Agreement(
            "a notification under a modern field", notification,
            [(.mcpProtocolVersion, "2026-07-28")], .success(.v2026_07_28)),
        Agreement(
            "a response under a modern field", response, [(.mcpProtocolVersion, "2026-07-28")],
            failed(.responseNotAllowed)),
    ]

    static let methods: [Agreement] = [
        modern("no Mcp-Method", "tools/list", method: [], violation: .methodMissing),
        modern(
            "Mcp-Method twice", "tools/list", method: ["tools/list", "tools/list"],
            violation: .methodTwice),
        modern("another method", "tools/list", method: ["tools/call"], violation: .methodDiffers),
        modern(
            "the method in capitals", "tools/list", method: ["Tools/List"],
            violation: .methodDiffers),
        modern("an empty Mcp-Method", "tools/list", method: [""], violation: .methodDiffers),
        modern("a wrapped method", "tools/list", method: ["=?base64?dG9vbHMvbGlzdA==?="]),
        modern(
            "a wrongly wrapped method", "tools/list", method: ["=?base64?dG9vbHMvbGlzdA?="],
            violation: .methodUndecodable),
        modern("an unknown method", "x/y", method: ["x/y"]),
        modern(
            "an unknown method, another named", "x/y", method: ["x/z"], violation: .methodDiffers),
        Agreement(
            "a notification with another method", notification,
            [(.mcpProtocolVersion, "2026-07-28"), (.mcpMethod, "tools/call")],
            failed(.methodDiffers)),
    ]

    static let names: [Agreement] = [
        modern("a tool", "tools/call", #""name":"get","#, name: ["get"]),
        modern("no Mcp-Name", "tools/call", #""name":"get","#, violation: .nameMissing),
        modern(
            "Mcp-Name twice", "tools/call", #""name":"get","#, name: ["get", "get"],
            violation: .nameTwice),
        modern(
            "another tool", "tools/call", #""name":"delete","#, name: ["get"],
            violation: .nameDiffers),
        modern(
            "the tool in capitals", "tools/call", #""name":"get","#, name: ["Get"],
            violation: .nameDiffers),
        modern(
            "a name in two spellings", "tools/call", #""name":"\u00e9","#,
            name: ["=?base64?ZcyB?="], violation: .nameDiffers),
        modern(
            "a wrapped name", "tools/call", #""name":"\u00e9","#, name: ["=?base64?w6k=?="]),
        modern(
            "a name that is not ASCII, as it is", "tools/call", #""name":"\u00e9","#,
            name: ["é"], violation: .nameUndecodable),
        modern("an escaped name", "tools/call", #""name":"g\u0065t","#, name: ["get"]),
        modern(
            "base64 with a needless bit", "tools/call", #""name":"\u00e9","#,
            name: ["=?base64?w6l=?="], violation: .nameUndecodable),
        modern(
            "base64 without padding", "tools/call", #""name":"\u00e9","#,
            name: ["=?base64?w6k?="], violation: .nameUndecodable),
        modern(
            "base64 for URLs", "tools/call", #""name":"x","#, name: ["=?base64?_-_-?="],
            violation: .nameUndecodable),
        modern(
            "base64 with a space", "tools/call", #""name":"x","#, name: ["=?base64?w6 k?="],
            violation: .nameUndecodable),
        modern(
            "base64 with padding inside", "tools/call", #""name":"x","#,
            name: ["=?base64?w=k=?="], violation: .nameUndecodable),
        modern(
            "base64 of three paddings", "tools/call", #""name":"x","#, name: ["=?base64?w===?="],
            violation: .nameUndecodable),
        modern(
            "base64 of what is no UTF-8", "tools/call", #""name":"x","#,
            name: ["=?base64?/w==?="], violation: .nameUndecodable),
        modern("an empty wrapping", "tools/call", #""name":"","#, name: ["=?base64??="]),
        modern(
            "a wrapping in capitals is plain text", "tools/call", #""name":"get","#,
            name: ["=?BASE64?Z2V0?="], violation: .nameDiffers),
        modern(
            "a wrapping that does not end is plain text", "tools/call", #""name":"=?base64?Z2V0","#,
            name: ["=?base64?Z2V0"]),
        modern(
            "a name that looks wrapped must be wrapped", "tools/call",
            #""name":"=?base64?Z2V0?=","#, name: ["=?base64?Z2V0?="], violation: .nameDiffers),
        modern("a prompt", "prompts/get", #""name":"p","#, name: ["p"]),
        modern("no prompt", "prompts/get", #""name":"p","#, violation: .nameMissing),
        modern("a resource", "resources/read", #""uri":"a:b","#, name: ["a:b"]),
        modern("no resource", "resources/read", #""uri":"a:b","#, violation: .nameMissing),
        modern(
            "another resource", "resources/read", #""uri":"a:b","#, name: ["a:c"],
            violation: .nameDiffers),
        modern("a task", "tasks/get", #""taskId":"t","#, name: ["t"]),
        modern("a task that no field names", "tasks/get", #""taskId":"t","#),
        modern(
            "another task", "tasks/get", #""taskId":"t","#, name: ["u"], violation: .nameDiffers),
        modern("a name where none is", "tools/list", name: ["get"], violation: .nameDiffers),
        modern(
            "a name beside a subscription", "subscriptions/listen", #""notifications":{},"#,
            name: ["a:b"], violation: .nameDiffers),
        modern(
            "a completed prompt", "completion/complete",
            #""ref":{"type":"ref/prompt","name":"p"},"#, name: ["p"]),
        modern(
            "another completed prompt", "completion/complete",
            #""ref":{"type":"ref/prompt","name":"p"},"#, name: ["q"], violation: .nameDiffers),
        modern("a name of an unknown method", "x/y", #""id":"a","#, name: ["a"]),
    ]

    static let earlier: [Agreement] = [
        legacy("initialize without a field", initialize, [], .v2025_03_26),
        legacy("no field", list, [], .v2025_03_26),
        legacy("2024-11-05", list, [(.mcpProtocolVersion, "2024-11-05")], .v2024_11_05),
        legacy("2025-03-26", list, [(.mcpProtocolVersion, "2025-03-26")], .v2025_03_26),
        legacy("2025-06-18", list, [(.mcpProtocolVersion, "2025-06-18")], .v2025_06_18),
        legacy("2025-11-25", list, [(.mcpProtocolVersion, "2025-11-25")], .v2025_11_25),
        legacy(
            "an unknown revision", list, [(.mcpProtocolVersion, "2024-10-07")],
            violation: .versionUnsupported(requested: "2024-10-07")),
        legacy(
            "an empty revision", list, [(.mcpProtocolVersion, "")],
            violation: .versionUnsupported(requested: "")),
        legacy(
            "the revision twice", list,
            [(.mcpProtocolVersion, "2025-11-25"), (.mcpProtocolVersion, "2025-11-25")],
            violation: .versionTwice),
        legacy("a response", response, [(.mcpProtocolVersion, "2025-11-25")], .v2025_11_25),
        legacy(
            "agreeing fields", call, [(.mcpMethod, "tools/call"), (.mcpName, "get")], .v2025_03_26),
        legacy("another method", call, [(.mcpMethod, "tools/list")]),
        legacy("a method on a response", response, [(.mcpMethod, "tools/list")]),
        legacy("an empty method on a response", response, [(.mcpMethod, "")]),
        legacy(
            "the method twice", call, [(.mcpMethod, "tools/call"), (.mcpMethod, "tools/call")],
            violation: .methodTwice),
        legacy("another name", call, [(.mcpName, "delete")], violation: .nameDiffers),
        legacy("a name without one", list, [(.mcpName, "get")], violation: .nameDiffers),
        legacy(
            "the name twice", call, [(.mcpName, "get"), (.mcpName, "get")], violation: .nameTwice),
        legacy(
            "a wrongly wrapped name", call, [(.mcpName, "=?base64?Z2V?=")],
            violation: .nameUndecodable),
        legacy(
            "a wrongly wrapped method", call, [(.mcpMethod, "=?base64?!?=")],
            violation: .methodUndecodable),
    ]
}

@Suite("Header agreement") struct RequestHeaderAgreementTests {
    @Test(arguments: Agreement.all)
    func `fields and body give one revision or a disagreement`(_ row: Agreement) throws {
        let request = try message(row.body)
        var fields = Fields()
        for (name, value) in row.lines { fields.append(name, value) }
        do throws(HeaderDisagreement) {
            let agreement = try RequestHeaderAgreement(of: fields, with: request)
            #expect(row.expected == .success(agreement.revision))
        } catch {
            #expect(row.expected == .failure(error))
        }
    }

    @Test(arguments: Agreement.all)
    func `no disagreement uses a code of 2026 towards an earlier revision`(_ row: Agreement) {
        guard case .failure(let disagreement) = row.expected else { return }
        #expect(disagreement.answer.status == 400)
        if disagreement.era == .legacy {
            #expect(disagreement.answer.code == -32600)
            #expect(disagreement.answer.data == nil)
        } else {
            #expect([-32020, -32022, -32600, -32602].contains(disagreement.answer.code))
        }
    }

    @Test(
        arguments: [
            (HeaderViolation.versionDiffers, -32020), (.versionMissing, -32020),
            (.versionTwice, -32020), (.methodMissing, -32020), (.nameDiffers, -32020),
            (.nameUndecodable, -32020), (.metaVersionMissing, -32602),
            (.metaCapabilitiesMissing, -32602), (.responseNotAllowed, -32600),
            (.versionUnsupported(requested: "x"), -32022),
        ])
    func `each disagreement has its code on 2026-07-28`(_ violation: HeaderViolation, _ code: Int) {
        #expect(violation.answer(for: .modern).code == code)
        #expect(violation.answer(for: .legacy).code == -32600)
    }

    @Test func `an unsupported revision is told what is supported`() throws {
        let answer = HeaderViolation.versionUnsupported(requested: "a\"b").answer(for: .modern)
        #expect(
            text(try #require(answer.data))
                == #"{"supported":["2024-11-05","2025-03-26","2025-06-18","2025-11-25","#
                + #""2026-07-28"],"requested":"a\"b"}"#)
    }
}
