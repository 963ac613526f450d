/// Who acts by a token of a foreign issuer, as far as `granted_to` and `clients` ask.
package struct TokenHolder: Sendable, Equatable {
    /// What `granted_to` calls the issuer of a server's tokens, where it is not the gateway.
    package static let source = "issuer"

    /// The user; nil where the token names none that counts.
    package var user: String?
    /// The user's groups.
    package var groups: [String]
    /// The client.
    package var clientID: String

    /// A holder.
    package init(user: String? = nil, groups: [String] = [], clientID: String) {
        self.user = user
        self.groups = groups
        self.clientID = clientID
    }

    /// Whether an entry of `granted_to` means the user, byte for byte; without entries everybody.
    func isMeant(by entries: [String]?) -> Bool {
        guard let entries else { return true }
        let users = user.map { ["\(Self.source)/user:\($0)"] } ?? []
        return contains(anyOf: users + groups.map { "\(Self.source)/group:\($0)" }, entries)
    }

    /// Whether `clients` means the client; of a foreign issuer's clients nothing but the id is known.
    func isMeant(by clients: ClientRequirement) -> Bool {
        switch clients {
        case .any: true
        case .verified: false
        case .listed(let entries): contains(anyOf: ["client:\(clientID)"], entries)
        }
    }

    /// `==` on texts takes different spellings of a letter for equal, so bytes are compared.
    private func contains(anyOf texts: [String], _ entries: [String]) -> Bool {
        entries.contains { entry in texts.contains { $0.utf8.elementsEqual(entry.utf8) } }
    }
}
