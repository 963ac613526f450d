import HTTP
import JSON
import MCP
import Testing

/// The message in `text`, which must be one.
func message(
    _ text: String, from sender: MessageSender = .client
) throws(MalformedMessage) -> Message {
    try Message(parsing: Array(text.utf8), from: sender)
}

/// Why `text` is no message.
func malformation(of text: String, from sender: MessageSender = .client) -> MalformedMessage? {
    do throws(MalformedMessage) {
        _ = try message(text, from: sender)
        return nil
    } catch {
        return error
    }
}

/// Fields as they would be read from a head.
func fields(_ lines: (FieldName, String)...) -> Fields {
    var fields = Fields()
    for (name, value) in lines { fields.append(name, value) }
    return fields
}

func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

func bytes(_ text: String) -> ArraySlice<UInt8> { Array(text.utf8)[...] }
