internal import AuthorizationServer
internal import HTTP
internal import JOSE
internal import OAuth

extension ClientEntry {
    /// The client in one line for people, without what it proves itself by.
    var summary: String {
        let proof =
            switch credential {
            case .none: "public"
            case .secret: "by secret"
            case .keys(let keys): "by \(keys.summary)"
            }
        let ways = GrantType.allCases.filter(grants.contains).map(\.shortName)
        var parts = ["\(id) (\(name)), \(proof): \(ways.joined(separator: ", "))"]
        if let scopes { parts.append("scopes \(scopes.text)") }
        if let servers { parts.append("servers \(servers.joined(separator: " "))") }
        parts += exchanges.map { "exchanges \($0.from) for \($0.to) with \($0.scopes.text)" }
        return parts.joined(separator: "; ")
    }
}

extension AssertionIssuer {
    /// The issuer in one line for people.
    var summary: String {
        switch subjects {
        case .users(let users):
            "\(issuer), \(keys.summary): users of \(users.source) by \(users.nameClaim)"
        case .workloads(let workloads):
            "\(issuer), \(keys.summary): "
                + workloads.rules.map { "\($0.subject.text) as \($0.clientID)" }
                .joined(separator: ", ")
        }
    }
}

extension ClientKeys {
    /// Whose keys they are, or where.
    var summary: String {
        switch self {
        case .set(let set): "keys \(set.keys.map(\.id).joined(separator: " "))"
        case .url(let url): "keys at \(url)"
        }
    }
}
