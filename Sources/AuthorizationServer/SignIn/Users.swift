/// The users of all sources, each at its own.
package struct Users: UserDirectory {
    private let sources: [String: LocalUsers]

    /// Users of these sources.
    package init(_ sources: [LocalUsers]) {
        self.sources = Dictionary(sources.map { ($0.source, $0) }) { first, _ in first }
    }

    package func user(source: String, name: String) async -> User? {
        await sources[source]?.user(source: source, name: name)
    }

    /// The user, if the password is still the one that the mark is of.
    func user(source: String, name: String, mark: String) async -> User? {
        guard let found = await sources[source]?.identity(name), found.mark == mark else {
            return nil
        }
        return found.user
    }
}
