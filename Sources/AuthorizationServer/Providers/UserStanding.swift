package import JSON

/// Whether whoever agreed to something may still have it.
package enum UserStanding: Sendable, Equatable {
    /// The user is there; `until` is when that must be found out anew, in Unix seconds, where no
    /// question can do it.
    case present(User, until: Int64?)
    /// The user is gone: the grant ends, and those that are named have ended.
    case gone(endedGrants: [String])
    /// It cannot be found out now; nothing is decided.
    case unknown(reason: String)
}

/// The user of a code or a grant, as the store keeps it.
package struct UserReference: Sendable, Equatable {
    /// The name of the sign-in.
    package let source: String
    /// The user's name at that source.
    package let name: String
    /// The `sub` of our tokens.
    package let subject: String
}

/// What a trusted issuer has signed of a user, in a statement that holds.
package struct UserStatement: Sendable {
    /// The name of the sign-in whose users the issuer may speak for.
    package let source: String
    /// The issuer.
    package let issuer: String
    /// The user's name at that source.
    package let name: String
    /// All claims.
    package let claims: JSONValue
}

extension UserDirectory {
    package func standing(of user: UserReference, at now: Int64) async -> UserStanding {
        await knownStanding(of: user)
    }

    package func standing(of statement: UserStatement, at now: Int64) async -> UserStanding {
        await knownStanding(of: statement)
    }

    /// Whether a user is there by what is known here.
    func knownStanding(of statement: UserStatement) async -> UserStanding {
        guard let found = await user(source: statement.source, name: statement.name) else {
            return .gone(endedGrants: [])
        }
        return .present(found, until: nil)
    }

    /// Whether a user is there by what is known here; who is another one now is gone.
    func knownStanding(of user: UserReference) async -> UserStanding {
        guard let found = await self.user(source: user.source, name: user.name),
            found.subject.utf8.elementsEqual(user.subject.utf8)
        else { return .gone(endedGrants: []) }
        return .present(found, until: nil)
    }
}
