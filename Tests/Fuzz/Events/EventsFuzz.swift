import FuzzSupport

/// The input is one stream.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe input(data, count)
    var laws = StreamLaws(bytes: bytes, choices: Choices(bytes))
    laws.check()
    return 0
}
