internal import AuthorizationServer
internal import Cryptography
internal import HTTP
internal import JOSE
internal import OAuth
internal import ResourceServer

extension ConfigurationBuilder {
    /// The longest client id, in bytes.
    private static let clientIDLimit = 256
    /// Below how many bytes a secret is warned of.
    private static let shortSecret = 16

    /// The clients that are named, each once.
    mutating func clients(_ root: DecodedSection, servers: [ServerOptions]) -> [ClientEntry] {
        var entries: [ClientEntry] = []
        for item in root.list("clients") ?? [] {
            guard case .section(let section) = item.content else { continue }
            let entry = client(section, servers: servers)
            guard let entry else { continue }
            if entries.contains(where: { $0.id == entry.id }) {
                refuse("client_id", in: section, "is that of another client")
            }
            entries.append(entry)
        }
        return entries
    }

    private mutating func client(
        _ section: DecodedSection, servers: [ServerOptions]
    ) -> ClientEntry? {
        let id = clientID(section)
        let credential = credential(section)
        let redirectURIs = redirectURIs(section)
        let grants = Set(section.texts("grants").compactMap(GrantType.init(named:)))
        let names = serverNames("servers", in: section, servers)
        let open = servers.filter { names?.contains($0.name) ?? true }
        let scopes = scopes("scopes", in: section, of: open)
        let exchanges = exchanges(section, servers)
        if let credential {
            checkNeeds(section, grants, credential, exchanges: exchanges)
        }
        guard let id, let credential, let redirectURIs else { return nil }
        let entry = ClientEntry(
            id: id, name: section.text("name") ?? id, credential: credential,
            redirectURIs: redirectURIs, grants: grants, scopes: scopes, servers: names,
            exchanges: exchanges)
        warnOfNothing(section, entry, open)
        return entry
    }

    /// RFC 6749, appendix A.1 — and no id that means something else.
    private mutating func clientID(_ section: DecodedSection) -> String? {
        guard let id = section.text("client_id") else { return nil }
        guard id.utf8.count <= Self.clientIDLimit, id.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            refuse(
                "client_id", in: section,
                "must be at most \(Self.clientIDLimit) printable ASCII characters without space")
            return nil
        }
        guard !id.hasPrefix("https://"), id != "gatehouse-cli" else {
            refuse(
                "client_id", in: section,
                "must be neither a URL, which names a metadata document, nor gatehouse-cli")
            return nil
        }
        return id
    }

    /// What the client proves itself by; nil where that is wrong.
    private mutating func credential(_ section: DecodedSection) -> ClientEntry.Credential? {
        let keys = ["secret_file", "jwks_file", "jwks_uri"].filter(section.present.contains)
        guard keys.count <= 1 else {
            diagnostics.error(
                section[keys[1]]?.position ?? section.position,
                "a client proves itself in one way: \(ValueType.alternatives(keys))")
            return nil
        }
        guard let key = keys.first else { return ClientEntry.Credential.none }
        guard key == "secret_file" else { return publicKeys(section).map { .keys($0) } }
        guard let secret = secret("secret_file", in: section) else { return nil }
        if secret.bytes.count < Self.shortSecret {
            diagnostics.warning(
                section[key]?.position ?? section.position,
                "the secret of \(sentence(key, in: section, "has fewer than \(Self.shortSecret) bytes and can be guessed"))"
            )
        }
        return .secret(SecretBytes(secret.bytes))
    }

    /// The keys of `jwks_file` or `jwks_uri`; nil where they are wrong, or there are none.
    mutating func publicKeys(_ section: DecodedSection) -> ClientKeys? {
        if section.present.contains("jwks_file") {
            guard let bytes = keySet(section), let set = try? JSONWebKeySet(parsing: bytes) else {
                return nil
            }
            return .set(set)
        }
        return endpoint("jwks_uri", in: section).map { .url($0) }
    }

    private mutating func redirectURIs(_ section: DecodedSection) -> [RedirectURI]? {
        var uris: [RedirectURI] = []
        var isRight = true
        for item in section.list("redirect_uris") ?? [] {
            guard let text = item.text else { continue }
            if let uri = RedirectURI(text) {
                uris.append(uri)
            } else {
                isRight = false
                refuseItem(
                    item,
                    sentence(
                        "redirect_uris", in: section,
                        "must hold URIs that begin with https://, with http:// and a loopback host, or with the scheme of an app, without user name and fragment"
                    ), isShown: !text.contains("@"))
            }
        }
        return isRight ? uris : nil
    }

    /// The servers that a list names; nil without the list.
    private mutating func serverNames(
        _ key: String, in section: DecodedSection, _ servers: [ServerOptions]
    ) -> [String]? {
        guard let items = section.list(key) else { return nil }
        for item in items { checkServer(item, servers) }
        return items.compactMap(\.text)
    }

    /// Reports a value that is not the name of a server whose tokens are ours.
    private mutating func checkServer(_ value: DecodedValue?, _ servers: [ServerOptions]) {
        guard let value, let name = value.text else { return }
        guard let server = servers.first(where: { $0.name == name }) else {
            // A server that is wrong itself is in no list, and was reported.
            guard !diagnostics.hasErrors else { return }
            let nearest = EditDistance.nearest(to: name, among: servers.map(\.name))
            let hint = nearest.map { "; did you mean \"\($0)\"?" } ?? ""
            diagnostics.error(
                value.position, "\(DiagnosticList.quoted(value.written)) is not a server\(hint)")
            return
        }
        guard server.tokenSource != .gateway else { return }
        diagnostics.error(
            value.position,
            "the tokens of server \(DiagnosticList.quoted(value.written)) come from elsewhere")
    }

    /// The scopes that a list names; nil without the list.
    private mutating func scopes(
        _ key: String, in section: DecodedSection, of servers: [ServerOptions]
    ) -> ScopeSet? {
        guard let items = section.list(key) else { return nil }
        let known = servers.flatMap { $0.scopes.map(\.name) }
        var scopes = ScopeSet()
        for item in items {
            guard let name = item.text else { continue }
            if let token = ScopeToken(name), known.contains(name) {
                scopes.insert(token)
                continue
            }
            guard !diagnostics.hasErrors else { continue }
            let nearest = EditDistance.nearest(to: name, among: known)
            let hint = nearest.map { "; did you mean \"\($0)\"?" } ?? ""
            diagnostics.error(
                item.position,
                "\(DiagnosticList.quoted(item.written)) is not a scope of a server that the client may use\(hint)"
            )
        }
        return scopes
    }

    private mutating func exchanges(
        _ section: DecodedSection, _ servers: [ServerOptions]
    ) -> [ClientEntry.Exchange] {
        (section.list("exchanges") ?? []).compactMap { item in
            guard case .section(let exchange) = item.content else { return nil }
            checkServer(exchange["from"], servers)
            checkServer(exchange["to"], servers)
            guard let from = exchange.text("from"), let to = exchange.text("to") else { return nil }
            let scopes = scopes("scopes", in: exchange, of: servers.filter { $0.name == to })
            return ClientEntry.Exchange(from: from, to: to, scopes: scopes ?? ScopeSet())
        }
    }

    /// What each grant needs, and what makes no sense without it.
    private mutating func checkNeeds(
        _ section: DecodedSection, _ grants: Set<GrantType>, _ credential: ClientEntry.Credential,
        exchanges: [ClientEntry.Exchange]
    ) {
        let hasURIs = section.list("redirect_uris")?.isEmpty == false
        let machineGrants: Set<GrantType> = [.clientCredentials, .jwtBearer, .tokenExchange]
        let needs: [(Bool, String)] = [
            (
                grants.contains(.authorizationCode) && !hasURIs,
                "authorization_code needs redirect_uris"
            ),
            (
                hasURIs && !grants.contains(.authorizationCode),
                "redirect_uris need the grant authorization_code"
            ),
            (
                grants.contains(.refreshToken) && !grants.contains(.authorizationCode),
                "refresh_token needs the grant authorization_code"
            ),
            (
                credential == .none
                    && !grants.isDisjoint(with: [.clientCredentials, .tokenExchange]),
                "client_credentials and token_exchange need secret_file, jwks_file or jwks_uri"
            ),
            (
                !grants.isDisjoint(with: machineGrants) && !section.present.contains("scopes"),
                "client_credentials, jwt_bearer and token_exchange need scopes"
            ),
            (
                grants.contains(.tokenExchange) == exchanges.isEmpty,
                "token_exchange and exchanges need each other"
            ),
        ]
        let place = section["grants"]?.position ?? section.position
        for (isMissing, message) in needs where isMissing { diagnostics.error(place, message) }
    }

    /// Warns of a client that is given a grant with which it gets nothing.
    private mutating func warnOfNothing(
        _ section: DecodedSection, _ entry: ClientEntry, _ servers: [ServerOptions]
    ) {
        guard entry.grants.contains(.clientCredentials), !diagnostics.hasErrors else { return }
        for item in section.list("scopes") ?? [] {
            let isGranted = servers.contains { server in
                server.scopes.contains { scope in
                    scope.name == item.text
                        && scope.grantedTo?.contains("client:\(entry.id)") == true
                }
            }
            guard !isGranted else { continue }
            diagnostics.warning(
                item.position,
                "client \"\(entry.id)\" gets \(DiagnosticList.quoted(item.written)) only with a user: no granted_to of that scope names client:\(entry.id)"
            )
        }
    }
}
