import FuzzSupport
import HTTP

/// The input is a message; before it, unless it begins like JSON, three lines for the fields
/// `MCP-Protocol-Version`, `Mcp-Method` and `Mcp-Name`, of which an empty one is no field.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe input(data, count)
    var rest = bytes[...]
    var fields = Fields()
    if bytes.first != UInt8(ascii: "{") {
        for name: FieldName in [.mcpProtocolVersion, .mcpMethod, .mcpName] {
            let line = rest.prefix { $0 != 0x0A }
            rest = rest.dropFirst(line.count + 1)
            let isValue = line.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
            if !line.isEmpty, isValue { fields.append(name, line) }
        }
    }
    let body = Array(rest)
    MessageLaws(body: body, fields: fields).check()
    var answer = AnswerLaws(body: body, choices: Choices(bytes))
    answer.check()
    return 0
}
