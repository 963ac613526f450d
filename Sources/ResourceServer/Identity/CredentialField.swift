/// The field in which the gateway shows its credential to an upstream.
///
/// What a client sends under that name, in any spelling, is not forwarded: the upstream takes what
/// stands there for the gateway's word.
package struct CredentialField: Sendable {
    /// The name.
    package let name: String

    private let scheme: String?
    private let names: FoldedNames

    /// A field of that name; with a scheme its values are credentials of it (RFC 9110 §11.4).
    package init(name: String, scheme: String? = nil) {
        self.name = name
        self.scheme = scheme
        let folded = name.utf8.map(FieldNameFold.folded)
        names = FoldedNames(names: [String(decoding: folded, as: UTF8.self)], prefixes: [])
    }

    /// The line with a credential, its CRLF included.
    package func line(_ credential: [UInt8]) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(name.utf8.count + credential.count + 16)
        line += name.utf8
        line += ": ".utf8
        if let scheme {
            line += scheme.utf8
            line.append(UInt8(ascii: " "))
        }
        line += credential
        line += "\r\n".utf8
        return line
    }

    /// Whether the name is this one as the most careless reader sees it.
    func isNamed(_ name: ArraySlice<UInt8>) -> Bool { names.contains(name) }
}
