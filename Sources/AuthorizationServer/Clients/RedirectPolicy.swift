import OAuth

/// What a client may register: decided anew each time that the client is met.
struct RedirectPolicy: Sendable {
    /// What the operator allows.
    let rules: [RegistrationOptions.RedirectRule]

    /// The URIs that a rule allows, in their order.
    func allowed(_ uris: [RedirectURI]) -> [RedirectURI] {
        uris.filter { uri in rules.contains { Self.allows(uri, $0) } }
    }

    /// Whether a client of this name may receive codes at all of these URIs: it may not bear the name
    /// of a product that receives them elsewhere.
    static func mayBeNamed(_ name: String, at uris: [RedirectURI]) -> Bool {
        let skeleton = NameSkeleton(name)
        guard !skeleton.words.isEmpty else { return true }
        let products = KnownProduct.all.filter { $0.isNamed(in: skeleton) }
        guard !products.isEmpty else { return true }
        return uris.allSatisfy { uri in
            uri.isLoopback || products.contains { $0.receives(at: uri) }
        }
    }

    private static func allows(
        _ uri: RedirectURI, _ rule: RegistrationOptions.RedirectRule
    ) -> Bool {
        switch rule {
        case .known:
            return KnownProduct.all.contains { $0.receives(at: uri) }
        case .loopback:
            guard case .loopback = uri.kind else { return false }
            return true
        case .exactly(let text):
            // RFC 8252 §7.3 — the port of a loopback address is not the operator's to know.
            return uri.text == text || RedirectURI(text)?.matches(presented: uri) == true
        case .host(let host):
            guard case .https(let name) = uri.kind else { return false }
            return matches(host: name, host)
        case .scheme(let scheme):
            guard case .privateUse(let name) = uri.kind else { return false }
            return name == scheme
        }
    }

    /// Whether a host is the one of the rule; `*.` stands for one or more labels, never for none.
    static func matches(host: String, _ rule: String) -> Bool {
        guard rule.hasPrefix("*.") else { return host == rule }
        return host.hasSuffix(rule.dropFirst()) && host.utf8.count > rule.utf8.count - 1
    }
}
