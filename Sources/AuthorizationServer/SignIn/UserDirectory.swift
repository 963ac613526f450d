/// Who the users are, as of now.
package protocol UserDirectory: Sendable {
    /// The user of that name at that source; nil for one who is not there, or no longer.
    func user(source: String, name: String) async -> User?

    /// Whether the user of a code or a grant is still there, in Unix seconds.
    func standing(of user: UserReference, at now: Int64) async -> UserStanding

    /// Whether somebody whom a trusted issuer speaks for is a user, in Unix seconds.
    func standing(of statement: UserStatement, at now: Int64) async -> UserStanding
}
