import FuzzSupport

/// The input is one file.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe input(data, count)
    var laws = ConfigurationLaws(text: bytes, choices: Choices(bytes))
    laws.check()
    return 0
}
