import JSON

/// Who somebody is, as a provider says.
struct ProviderIdentity: Sendable, Equatable {
    /// The `sub` at the provider: what tells the user from all others there.
    var subject: String
    /// The name for people; empty where it is not told.
    var name: String
    /// The groups; empty where they are not asked for, or not told.
    var groups: [String]
}

/// Reads what a provider says of a user; pure.
///
/// Names and addresses tell nobody from anybody: they are text for people. What is of a wrong type or
/// too large refuses the whole, for what is left would be another statement than the provider's.
struct ProviderClaims: Sendable {
    /// The longest `sub`, in bytes (OpenID Connect Core §2).
    static let subjectLimit = 255
    /// The most groups.
    static let groupCountLimit = 500
    /// The longest name of a group, in bytes.
    static let groupLimit = 256
    /// The longest name for people, in bytes; a longer one is not shown.
    static let nameLimit = 256

    /// How claims deviate.
    enum Violation: Error, Sendable, Equatable {
        /// The claim that names the user is missing.
        case subjectMissing
        /// It is no text of 1...255 printable ASCII characters (a number counts as its digits where
        /// the operator named the claim).
        case subjectMalformed
        /// The groups are no list of texts.
        case groupsMalformed
        /// There are more than 500 groups.
        case tooManyGroups
    }

    private let root: JSONValue

    /// The claims of an object.
    init(_ root: JSONValue) { self.root = root }

    /// The value of `sub`.
    ///
    /// - Throws: what is wrong with it.
    func subject() throws(Violation) -> String {
        guard let value = root["sub"] else { throw .subjectMissing }
        guard let text = value.string else { throw .subjectMalformed }
        return try Self.checked(text)
    }

    /// The value of the claim that the operator named, a text or a whole number that is not negative.
    ///
    /// - Throws: what is wrong with it.
    func subject(named claim: String) throws(Violation) -> String {
        guard let value = root.member(claim), value.kind != .null else { throw .subjectMissing }
        if let number = value.integer {
            guard number >= 0 else { throw .subjectMalformed }
            return try Self.checked(String(number))
        }
        guard let text = value.string else { throw .subjectMalformed }
        return try Self.checked(text)
    }

    /// A `sub` that can be one.
    ///
    /// OpenID Connect Core §2 — at most 255 ASCII characters; compared byte for byte.
    ///
    /// - Throws: `subjectMalformed`.
    static func checked(_ text: String) throws(Violation) -> String {
        guard (1...subjectLimit).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { throw .subjectMalformed }
        return text
    }

    /// The groups; nil where the claim is not there.
    ///
    /// A single text is a list of one.
    ///
    /// - Throws: what is wrong with them.
    func groups(_ claim: String) throws(Violation) -> [String]? {
        guard let value = root.member(claim), value.kind != .null else { return nil }
        if let single = value.string { return [try Self.group(single)] }
        guard value.kind == .array else { throw .groupsMalformed }
        var groups: [String] = []
        for element in value.elements {
            guard groups.count < Self.groupCountLimit else { throw .tooManyGroups }
            guard let text = element.string else { throw .groupsMalformed }
            groups.append(try Self.group(text))
        }
        return groups
    }

    private static func group(_ text: String) throws(Violation) -> String {
        guard (1...groupLimit).contains(text.utf8.count),
            !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { throw .groupsMalformed }
        return text
    }

    /// A name for people; nil where there is none that can be shown.
    ///
    /// It is of the claim that the operator named, or else of `name` or `preferred_username`.
    func name(_ claim: String?) -> String? {
        let names = claim.map { [$0] } ?? ["name", "preferred_username"]
        return names.lazy.compactMap { shown($0) }.first
    }

    private func shown(_ claim: String) -> String? {
        // OpenID Connect Core §5.7 — anybody may have told the provider an address.
        if claim == "email", root["email_verified"]?.bool != true { return nil }
        guard let text = root.member(claim)?.string,
            (1...Self.nameLimit).contains(text.utf8.count),
            !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { return nil }
        return text
    }
}
