/// The name of an argument that a condition reads, and what else could be taken for it.
struct ArgumentName: Sendable {
    /// The name as the operator wrote it.
    let text: String
    private let bytes: [UInt8]
    private let folded: [Unicode.Scalar]

    /// The name, ready to be compared.
    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
        folded = Self.fold(text)
    }

    /// Whether a member of that name is another one here and the same for a server that disregards
    /// case (CVE-2026-27896), or that ends names at NUL.
    func hasTwin(_ name: ArraySlice<UInt8>) -> Bool {
        guard !name.elementsEqual(bytes) else { return false }
        // Letters beyond ASCII take more bytes than what they fold onto.
        guard name.count >= bytes.count || !name.allSatisfy({ $0 < 0x80 }) else { return false }
        return Self.fold(String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)) == folded
    }

    /// The letters without case: each in upper case and then in lower, as libraries do that compare
    /// letter by letter, so that U+017F is s, U+212A is k, U+0130 and U+0131 are i.
    private static func fold(_ text: String) -> [Unicode.Scalar] {
        text.unicodeScalars
            .flatMap { $0.properties.uppercaseMapping.unicodeScalars }
            .flatMap { $0.properties.lowercaseMapping.unicodeScalars }
            // The dot of U+0130.
            .filter { $0 != "\u{307}" }
    }
}
