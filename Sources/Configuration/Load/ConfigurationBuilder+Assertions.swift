internal import AuthorizationServer
internal import OAuth

extension ConfigurationBuilder {
    /// Who may speak for users and programs.
    mutating func assertionIssuers(
        _ root: DecodedSection, signIn: [SignInOptions], clients: [ClientEntry]
    ) -> [AssertionIssuer] {
        var seen: Set<[String]> = []
        return (root.list("assertions") ?? []).compactMap { item in
            guard case .section(let section) = item.content else { return nil }
            let keys = issuerKeys(section)
            let kind = section.text("kind")
            let subjects =
                kind == "id_jag" ? users(section, root, signIn) : workloads(section, clients)
            guard let issuer = section.text("issuer"), let kind, let keys, let subjects else {
                return nil
            }
            guard seen.insert([issuer, kind]).inserted else {
                refuse("issuer", in: section, "has an entry of kind \(kind) already")
                return nil
            }
            return AssertionIssuer(issuer: issuer, keys: keys, subjects: subjects)
        }
    }

    /// The keys of an entry that must name them in one of two ways; nil where it does not, which is
    /// reported.
    mutating func issuerKeys(_ section: DecodedSection) -> ClientKeys? {
        let keys = ["jwks_file", "jwks_uri"].filter(section.present.contains)
        guard keys.count == 1 else {
            diagnostics.error(
                section.position,
                "\"\(section.path)\" needs either jwks_file or jwks_uri")
            return nil
        }
        return publicKeys(section)
    }

    private mutating func users(
        _ section: DecodedSection, _ root: DecodedSection, _ signIn: [SignInOptions]
    ) -> AssertionIssuer.Subjects? {
        refuseKeys(["audience", "subjects"], in: section, of: "workload")
        guard let source = section.text("sign_in") else {
            diagnostics.error(
                section.position, "\"\(section.path)\" of kind id_jag needs sign_in")
            return nil
        }
        let names = root.names("sign_in").map(\.name)
        guard names.contains(source) else {
            let nearest = EditDistance.nearest(to: source, among: names)
            refuse(
                "sign_in", in: section,
                "must be a name of \"sign_in\"\(nearest.map { ", such as \"\($0)\"" } ?? "")")
            return nil
        }
        // One that is wrong itself is in no list, and was reported.
        guard let named = signIn.first(where: { $0.name == source }) else { return nil }
        let claim = section.text("subject_claim") ?? "sub"
        if case .provider(let provider) = named.kind, !speaks(for: provider, section, claim) {
            return nil
        }
        return .users(AssertionIssuer.Users(source: source, nameClaim: claim))
    }

    /// Whether the issuer of statements is the provider whose users they are about, and names them as
    /// the provider does: a `sub` means somebody at its own issuer only.
    private mutating func speaks(
        for provider: ProviderOptions, _ section: DecodedSection, _ claim: String
    ) -> Bool {
        guard case .openID(let issuer) = provider.kind else {
            refuse("sign_in", in: section, "must name a sign-in of the kind users or oidc")
            return false
        }
        if let own = section.text("issuer"), !own.utf8.elementsEqual(issuer.utf8) {
            refuse(
                "issuer", in: section, "must be that of \"sign_in.\(provider.name)\", byte for byte"
            )
            return false
        }
        guard ["sub", "aud_sub"].contains(claim) else {
            refuse("subject_claim", in: section, "must be sub or aud_sub for users of kind oidc")
            return false
        }
        return true
    }

    private mutating func workloads(
        _ section: DecodedSection, _ clients: [ClientEntry]
    ) -> AssertionIssuer.Subjects? {
        refuseKeys(["sign_in", "subject_claim"], in: section, of: "id_jag")
        let items = section.list("subjects") ?? []
        guard !items.isEmpty else {
            diagnostics.error(
                section.position, "\"\(section.path)\" of kind workload needs subjects")
            return nil
        }
        let rules = items.compactMap { item -> AssertionIssuer.Workloads.Rule? in
            guard case .section(let rule) = item.content, let text = rule.text("subject"),
                let client = rule.text("client")
            else { return nil }
            guard let subject = SubjectPattern(text) else {
                refuse(
                    "subject", in: rule,
                    "must be a pattern of at most \(SubjectPattern.lengthLimit) bytes")
                return nil
            }
            let mayCome = clients.contains { $0.id == client && $0.grants.contains(.jwtBearer) }
            // A client that is wrong itself is in no list, and was reported.
            if !mayCome, !diagnostics.hasErrors {
                refuse(
                    "client", in: rule,
                    "must be the client_id of one of \"clients\" with the grant jwt_bearer")
            }
            return AssertionIssuer.Workloads.Rule(subject: subject, clientID: client)
        }
        return .workloads(
            AssertionIssuer.Workloads(audience: section.text("audience"), rules: rules))
    }

    private mutating func refuseKeys(
        _ keys: [String], in section: DecodedSection, of kind: String
    ) {
        // Lists have a default; what counts is what the file has.
        for key in keys where section.present.contains(key) {
            diagnostics.error(
                section[key]?.position ?? section.position,
                sentence(key, in: section, "is for kind \(kind) only"))
        }
    }
}
