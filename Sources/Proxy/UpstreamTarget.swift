package import ResourceServer

/// Where at an upstream requests go, and where the gateway's credential stands there.
package struct UpstreamTarget: Sendable {
    /// The request target, beginning with a slash.
    package let path: String
    /// The value of the Host field.
    package let authority: String
    /// The field that carries the gateway's own credential; nil for none.
    package let credentialField: CredentialField?

    /// Puts a target together.
    package init(path: String, authority: String, credentialField: CredentialField?) {
        self.path = path
        self.authority = authority
        self.credentialField = credentialField
    }
}
