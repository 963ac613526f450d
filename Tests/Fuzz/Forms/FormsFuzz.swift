import FuzzSupport
import OAuth

/// The input is client metadata, if it begins like JSON; else a form, and on the next line the value
/// of an `Authorization` field.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe input(data, count)
    if bytes.first == UInt8(ascii: "{") {
        checkMetadata(bytes)
    } else {
        let (body, authorization) = bytes.splitAtLineFeed
        FormLaws(body: body, authorization: authorization).check()
    }
    return 0
}

/// What must hold of client metadata.
private func checkMetadata(_ bytes: [UInt8]) {
    guard let metadata = try? ClientMetadata(parsing: bytes) else { return }
    require(!metadata.redirectURIs.isEmpty, "there is a place to answer to")
    require(
        metadata.redirectURIs.count <= ClientMetadata.maximumRedirectURIs, "there are not many")
    require(
        Set(metadata.redirectURIs.map(\.text)).count == metadata.redirectURIs.count, "each once")
    require(metadata.name.count <= ClientMetadata.maximumNameLength, "a name is short")
    require(
        metadata.name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F },
        "a name has no controls")
    let registration = ClientRegistration(
        clientID: "c", secret: nil, issuedAt: 0, expiresAt: 1, metadata: metadata)
    let again = try? ClientMetadata(parsing: registration.body)
    require(again == metadata, "what is answered is what was accepted")
}
