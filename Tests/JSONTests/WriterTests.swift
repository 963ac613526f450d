import JSON
import Testing

@Suite("Writer") struct WriterTests {
    @Test func `a text is written without whitespace`() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("jsonrpc")
        writer.string("2.0")
        writer.name("id")
        writer.raw(Array("17".utf8))
        writer.name(String("error"))
        writer.beginObject()
        writer.name("code")
        writer.integer(-32600)
        writer.name("data")
        writer.beginArray()
        writer.null()
        writer.bool(true)
        writer.bool(false)
        writer.beginArray()
        writer.endArray()
        writer.beginObject()
        writer.endObject()
        writer.integer(UInt64.max)
        writer.string(String("é"))
        writer.endArray()
        writer.name("last")
        writer.integer(Int64.min)
        writer.endObject()
        writer.endObject()
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"jsonrpc":"2.0","id":17,"error":{"code":-32600,"data":[null,true,false,[],{},"#
                + #"18446744073709551615,"é"],"last":-9223372036854775808}}"#)
    }

    @Test func `what must be escaped is, and nothing else`() {
        var writer = JSONWriter()
        writer.string(String("\"\\/\u{0}\u{1}\u{8}\t\n\u{B}\u{C}\r\u{1F} \u{7F}é\u{2028}😀<>&'"))
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #""\"\\/\u0000\u0001\b\t\n\u000b\f\r\u001f "# + "\u{7F}é\u{2028}😀<>&'\"")
    }

    @Test func `every character survives writing and reading`() throws {
        var text = ""
        for code in 0..<0x3000 {
            if let scalar = UnicodeScalar(code) { text.unicodeScalars.append(scalar) }
        }
        text += "\u{FFFF}\u{10000}\u{10FFFF}"
        var writer = JSONWriter()
        writer.beginArray()
        writer.string(text)
        writer.string("a \"literal\"\n")
        writer.endArray()
        let root = try JSONDocument(parsing: writer.bytes).root
        #expect(root.elements.map(\.string) == [text, "a \"literal\"\n"])
    }

    @Test func `a value of a document is written as it stands`() throws {
        let root = try value(#"{"a" : [1.50, "\u0041"] , "b":2}"#)
        var writer = JSONWriter()
        writer.beginObject()
        for (name, value) in root.members {
            writer.name("x-" + (name.string ?? ""))
            writer.value(value)
        }
        writer.endObject()
        #expect(
            String(decoding: writer.bytes, as: UTF8.self) == #"{"x-a":[1.50, "\u0041"],"x-b":2}"#)
    }
}
