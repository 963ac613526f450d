internal import AuthorizationServer
internal import Cryptography
internal import HTTP
internal import OAuth

extension ConfigurationBuilder {
    /// The sources of identities.
    mutating func signInSources(_ root: DecodedSection) -> [SignInOptions] {
        var sources: [SignInOptions] = []
        for source in root.names("sign_in") {
            // Machines have the source `client`, so no sign-in may be called so.
            guard source.name != "client" else {
                diagnostics.error(
                    source.position,
                    "\"client\" cannot be a name in \"sign_in\"; it stands for machines")
                continue
            }
            guard case .section(let section) = source.value.content,
                let kind = section.text("kind"),
                let options = kindOptions(kind, source.name, section)
            else { continue }
            sources.append(
                SignInOptions(
                    name: source.name, title: section.text("title") ?? source.name, kind: options))
        }
        return sources
    }

    private mutating func kindOptions(
        _ kind: String, _ name: String, _ section: DecodedSection
    ) -> SignInOptions.Kind? {
        let unused = Self.signInKinds.filter { !$0.value.contains(kind) }.keys.sorted()
        checkUnused(unused, section, kind: kind)
        switch kind {
        case "users":
            return needed("file", section, kind: kind).map { .users(file: files.resolve($0)) }
        case "oidc": return openIDProvider(name, section)
        default: return oauthProvider(name, section)
        }
    }

    /// The keys that only some kinds have.
    private static let signInKinds: [String: Set<String>] = [
        "file": ["users"], "issuer": ["oidc"], "authorization_endpoint": ["oauth2"],
        "token_endpoint": ["oauth2"], "userinfo_endpoint": ["oauth2"], "user_claim": ["oauth2"],
        "client_id": ["oidc", "oauth2"], "client_secret_file": ["oidc", "oauth2"],
        "scopes": ["oidc", "oauth2"], "name_claim": ["oidc", "oauth2"],
        "groups_claim": ["oidc", "oauth2"], "max_age": ["oidc", "oauth2"],
    ]

    private mutating func openIDProvider(
        _ name: String, _ section: DecodedSection
    ) -> SignInOptions.Kind? {
        let issuer = needed("issuer", section, kind: "oidc") == nil ? nil : issuer(section)
        if section.present.contains("scopes"), !section.texts("scopes").contains("openid") {
            // OpenID Connect Core §3.1.2.1
            diagnostics.error(
                section["scopes"]?.position, sentence("scopes", in: section, "must hold openid"))
        }
        return provider(name, issuer.map { .openID(issuer: $0) }, section, "oidc")
    }

    private mutating func oauthProvider(
        _ name: String, _ section: DecodedSection
    ) -> SignInOptions.Kind? {
        let authorization = neededEndpoint("authorization_endpoint", section)
        let token = neededEndpoint("token_endpoint", section)
        let userInfo = neededEndpoint("userinfo_endpoint", section)
        let claim = needed("user_claim", section, kind: "oauth2")
        var kind: ProviderOptions.Kind?
        if let authorization, let token, let userInfo, let claim {
            kind = .oauth(
                ProviderOptions.OAuthEndpoints(
                    authorization: authorization, token: token, userInfo: userInfo,
                    userClaim: claim))
        }
        return provider(name, kind, section, "oauth2")
    }

    private mutating func neededEndpoint(
        _ key: String, _ section: DecodedSection
    ) -> AbsoluteURI? {
        needed(key, section, kind: "oauth2") == nil ? nil : endpoint(key, in: section)
    }

    /// A provider; nil without a kind, or where another part is wrong, all of which is reported.
    private mutating func provider(
        _ name: String, _ kind: ProviderOptions.Kind?, _ section: DecodedSection,
        _ kindName: String
    ) -> SignInOptions.Kind? {
        let secret = secret("client_secret_file", in: section)
        let age = wholeSeconds("max_age", in: section)
        guard let clientID = needed("client_id", section, kind: kindName), let age, let kind
        else { return nil }
        return .provider(
            ProviderOptions(
                name: name, title: section.text("title") ?? name, kind: kind, clientID: clientID,
                clientSecret: secret.map { SecretBytes($0.bytes) }, scopes: scopes(section),
                groupsClaim: section.text("groups_claim"), nameClaim: section.text("name_claim"),
                maxAge: age.components.seconds))
    }

    /// What the provider is asked for, where the operator says so.
    private mutating func scopes(_ section: DecodedSection) -> [String]? {
        guard section.present.contains("scopes") else { return nil }
        for item in section.list("scopes") ?? [] where ScopeToken(item.text ?? "") == nil {
            refuseItem(item, sentence("scopes", in: section, "must hold scopes, one an item"))
        }
        return section.texts("scopes")
    }
}
