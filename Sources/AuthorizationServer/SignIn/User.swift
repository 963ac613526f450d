import Cryptography

/// A user of one source of identities.
package struct User: Sendable, Equatable {
    /// The name of the sign-in in the configuration.
    package var source: String
    /// The name at that source.
    package var name: String
    /// The groups at that source.
    package var groups: [String]
    /// The opaque `sub` of tokens: `<source>:<digest>`.
    package var subject: String

    /// A user.
    package init(source: String, name: String, groups: [String], subject: String) {
        self.source = source
        self.name = name
        self.groups = groups
        self.subject = subject
    }

    /// The `sub` of a user: opaque, and unlike that of the same name from another source or at
    /// another issuer.
    package static func subject(of name: String, from source: String, issuer: String) -> String {
        let bytes = Array("\(issuer)\u{0}\(name)".utf8)
        return "\(source):\(Base64URL.encode(Array(sha256(bytes).bytes.prefix(16))))"
    }
}
