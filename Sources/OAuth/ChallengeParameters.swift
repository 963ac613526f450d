/// The parameters of a challenge (RFC 9110 §11.6.1), each quoted and none empty.
struct ChallengeParameters {
    private var parts: [String] = []

    /// Adds `name="text"`, unless no byte of the text may stand in the value.
    mutating func append(_ name: String, _ text: String) {
        // RFC 6750 §3 — values hold %x20-21 / %x23-5B / %x5D-7E; so nothing is ever escaped.
        let bytes = text.utf8.filter { $0 == 0x20 || ScopeToken.isScopeByte($0) }
        guard !bytes.isEmpty else { return }
        parts.append("\(name)=\"\(String(decoding: bytes, as: UTF8.self))\"")
    }

    /// The field value with these parameters.
    func value(of scheme: String) -> String {
        parts.isEmpty ? scheme : "\(scheme) " + parts.joined(separator: ", ")
    }
}
