import FuzzSupport
import HTTP

/// The input is requests; an answer, if it begins so; chunked content, if it begins with a size; or
/// the value of a field, if it begins with a tab.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe input(data, count)
    let choices = Choices(bytes)
    if bytes.starts(with: "HT".utf8) {
        var laws = ResponseLaws(bytes: bytes, choices: choices)
        laws.check()
    } else if let first = bytes.first, "0123456789abcdef".utf8.contains(first) {
        let fields = "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        var laws = RequestLaws(
            bytes: Array("POST / HTTP/1.1\r\n\(fields)".utf8) + bytes, choices: choices)
        laws.check()
    } else if bytes.first == 0x09 {
        ValueLaws(value: bytes.dropFirst()).check()
    } else {
        var laws = RequestLaws(bytes: bytes, choices: choices)
        laws.check()
    }
    return 0
}
