import FuzzSupport
import JSON

/// The input is one text.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe input(data, count)
    var choices = Choices(bytes)
    let limits =
        choices.once(in: 4) ? JSONLimits(depth: 3, members: 4, nameLength: 8) : JSONLimits()
    do throws(JSONViolation) {
        let document = try JSONDocument(parsing: bytes, limits: limits)
        require(document.bytes == bytes, "the text is kept as it came")
        require(ReferenceReader.accepts(bytes, limits), "what is accepted is JSON")
        DocumentLaws(document: document, limits: limits).check()
        var laws = EditLaws(document: document, limits: limits, choices: choices)
        laws.check()
    } catch {
        require(0...count ~= error.offset, "a deviation lies in the text")
        require(!ReferenceReader.accepts(bytes, limits), "what is refused is no JSON: \(error)")
    }
    return 0
}
