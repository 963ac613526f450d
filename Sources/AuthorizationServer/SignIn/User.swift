import Cryptography

/// A user of one source of identities.
package struct User: Sendable, Equatable {
    /// The name of the sign-in in the configuration.
    package var source: String
    /// The name at that source: what `granted_to` compares; of a provider's user the `sub`.
    package var name: String
    /// The groups at that source.
    package var groups: [String]
    /// The opaque `sub` of tokens: `<source>:<digest>`.
    package var subject: String
    /// The name for people.
    package var title: String

    /// A user; the name for people is the name where there is no other.
    package init(
        source: String, name: String, groups: [String], subject: String, title: String? = nil
    ) {
        self.source = source
        self.name = name
        self.groups = groups
        self.subject = subject
        self.title = title ?? name
    }

    /// The `sub` of a user: opaque, and unlike that of the same name from another source or at
    /// another issuer.
    package static func subject(of name: String, from source: String, issuer: String) -> String {
        let bytes = Array("\(issuer)\u{0}\(name)".utf8)
        return "\(source):\(Base64URL.encode(Array(sha256(bytes).bytes.prefix(16))))"
    }
}
