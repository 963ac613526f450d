/// A source of users to sign in at, as the page offers it.
package struct SignInSource: Sendable, Equatable {
    /// The name of the sign-in in the configuration.
    package let name: String
    /// The name for people.
    package let title: String

    /// A source of users.
    package init(name: String, title: String) {
        self.name = name
        self.title = title
    }
}
