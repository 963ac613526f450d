/// The fields that tell an upstream who acts.
///
/// Values are the token's, percent-encoded where a byte is not plainly safe in a field: anything
/// but visible ASCII, and `%` itself so that decoding gives the value back (RFC 3986 §2.1).
enum IdentityFields {
    /// The field lines, each with its end.
    static func lines(subject: String, clientID: String, scope: String) -> [UInt8] {
        var bytes: [UInt8] = []
        append(&bytes, "X-Gatehouse-Subject", subject, allowingSpace: false)
        append(&bytes, "X-Gatehouse-Client", clientID, allowingSpace: false)
        append(&bytes, "X-Gatehouse-Scope", scope, allowingSpace: true)
        return bytes
    }

    private static func append(
        _ bytes: inout [UInt8], _ name: String, _ value: String, allowingSpace: Bool
    ) {
        bytes += name.utf8
        bytes += ": ".utf8
        for byte in value.utf8 {
            let isSafe = (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "%")
            if isSafe || (allowingSpace && byte == 0x20) {
                bytes.append(byte)
            } else {
                let digits = Array("0123456789ABCDEF".utf8)
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        bytes += "\r\n".utf8
    }
}
