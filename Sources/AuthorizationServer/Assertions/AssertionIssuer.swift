/// Somebody whose signed statements bring tokens (RFC 7523 §2.1): an entry of `assertions:`.
package struct AssertionIssuer: Sendable, Equatable {
    /// Whom the statements are about.
    package enum Subjects: Sendable, Equatable {
        /// Users, whose employer's identity provider speaks for them (ID-JAG).
        case users(Users)
        /// Programs, which a platform tells apart.
        case workloads(Workloads)
    }

    /// The users that statements are about.
    package struct Users: Sendable, Equatable {
        /// The name of the sign-in whose users they are.
        package var source: String
        /// The claim that holds the user's name at that sign-in; of a provider's users what the provider
        /// calls them to this gateway, its `sub`.
        package var nameClaim: String

        /// Users of a sign-in.
        package init(source: String, nameClaim: String = "sub") {
            self.source = source
            self.nameClaim = nameClaim
        }
    }

    /// The programs that statements are about.
    package struct Workloads: Sendable, Equatable {
        /// What `aud` must be; nil for our issuer identifier.
        package var audience: String?
        /// Which program may act as which client; all of them count.
        package var rules: [Rule]

        /// One pattern and the client it stands for.
        package struct Rule: Sendable, Equatable {
            /// The `sub`, with `*` for any run of characters.
            package var subject: SubjectPattern
            /// The id of the client in `clients:`.
            package var clientID: String

            /// A rule.
            package init(subject: SubjectPattern, clientID: String) {
                self.subject = subject
                self.clientID = clientID
            }
        }

        /// Programs by these rules.
        package init(audience: String? = nil, rules: [Rule]) {
            self.audience = audience
            self.rules = rules
        }
    }

    /// `iss`, byte for byte.
    package var issuer: String
    /// Its keys.
    package var keys: ClientKeys
    /// Whom its statements are about.
    package var subjects: Subjects

    /// An issuer.
    package init(issuer: String, keys: ClientKeys, subjects: Subjects) {
        self.issuer = issuer
        self.keys = keys
        self.subjects = subjects
    }
}
