import FuzzSupport

/// The input is a token or proof; or, by its first letter, a JWK set (`K`), a header (`H`), claims (`C`), the
/// key of a proof (`J`) or the claims of one (`P`).
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
    case UInt8(ascii: "J"): ProofLaws.check(jwk: Array(bytes.dropFirst()))
    case UInt8(ascii: "P"):
        ProofLaws.check(claims: Array(bytes.dropFirst()), choices: &choices)
    default:
        TokenLaws.check(bytes)
        ProofLaws.check(bytes)
    }
    return 0
}
