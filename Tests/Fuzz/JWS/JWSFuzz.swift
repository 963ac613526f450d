import FuzzSupport

/// The input is a token; or, by its first letter, a JWK set (`K`), a header (`H`) or claims (`C`).
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe input(data, count)
    var choices = Choices(bytes)
    switch bytes.first {
    case UInt8(ascii: "K"): KeySetLaws.check(Array(bytes.dropFirst()))
    case UInt8(ascii: "H"):
        TokenLaws.check(header: Array(bytes.dropFirst()), verifies: choices.once(in: 16))
    case UInt8(ascii: "C"):
        var laws = ClaimLaws(text: Array(bytes.dropFirst()), choices: choices)
        laws.check()
    default: TokenLaws.check(bytes)
    }
    return 0
}
