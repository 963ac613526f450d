/// Who the users are, as of now.
package protocol UserDirectory: Sendable {
    /// The user of that name at that source; nil for one who is not there, or no longer.
    func user(source: String, name: String) async -> User?
}
