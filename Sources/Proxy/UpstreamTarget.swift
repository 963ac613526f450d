/// Where at an upstream requests go, and what the gateway shows there.
package struct UpstreamTarget: Sendable {
    /// The request target, beginning with a slash.
    package let path: String
    /// The value of the Host field.
    package let authority: String
    /// Field lines with the gateway's own credential, each with its CRLF; empty for none.
    package let credentialLines: [UInt8]

    /// Puts a target together.
    package init(path: String, authority: String, credentialLines: [UInt8]) {
        self.path = path
        self.authority = authority
        self.credentialLines = credentialLines
    }
}
