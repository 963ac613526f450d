import FuzzSupport

/// The input is one URI, or a pattern and on the next line a name.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe input(data, count)
    if bytes.contains(0x0A) {
        let (pattern, name) = bytes.splitAtLineFeed
        var laws = PatternLaws(pattern: pattern, name: name, choices: Choices(bytes))
        laws.check()
    } else if let text = String(validating: bytes, as: UTF8.self) {
        URILaws(bytes: bytes, text: text).check()
    }
    return 0
}
