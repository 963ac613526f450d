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
}
