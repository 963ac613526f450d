internal import HTTP
internal import OAuth

extension ConfigurationBuilder {
    /// Where a server's requests go.
    mutating func upstream(_ section: DecodedSection, root: DecodedSection) -> UpstreamOptions? {
        let url = upstreamURL(section)
        let credential = credential(section)
        guard let own = section.section("timeouts"), let all = root.section("timeouts"),
            let connect = own.duration("connect") ?? all.duration("connect"),
            let firstByte = own.duration("first_byte") ?? all.duration("first_byte"),
            let call = own.duration("call") ?? all.duration("call"), let url, let credential
        else { return nil }
        return UpstreamOptions(
            url: url, credential: credential, connectTimeout: connect,
            firstByteTimeout: firstByte, callTimeout: call)
    }

    private mutating func upstreamURL(_ section: DecodedSection) -> AbsoluteURI? {
        guard let text = section.text("upstream") else { return nil }
        let url: AbsoluteURI
        do throws(URIViolation) {
            url = try AbsoluteURI(parsing: text)
        } catch {
            refuse("upstream", in: section, "is not a URL: \(error)")
            return nil
        }
        guard url.query == nil else {
            refuse("upstream", in: section, "must not have a query")
            return nil
        }
        return url
    }

    private mutating func credential(_ server: DecodedSection) -> UpstreamCredential? {
        guard server.present.contains("upstream_authorization") else {
            return UpstreamCredential.none
        }
        guard let section = server.section("upstream_authorization"),
            let kind = section.text("kind")
        else { return nil }
        switch kind {
        case "none":
            checkUnused(["file", "header", "audience"] + Self.exchangeKeys, section, kind: kind)
            return UpstreamCredential.none
        case "bearer":
            checkUnused(["header", "audience"] + Self.exchangeKeys, section, kind: kind)
            return bearer(section)
        case "identity":
            checkUnused(["file"] + Self.exchangeKeys, section, kind: kind)
            return identity(section, of: server)
        case "token_exchange":
            checkUnused(["file"], section, kind: kind)
            return exchange(section, of: server)
        default:
            checkUnused(["audience"] + Self.exchangeKeys, section, kind: kind)
            return header(section)
        }
    }

    /// Reports the keys that have no meaning in a section of that kind.
    mutating func checkUnused(_ keys: [String], _ section: DecodedSection, kind: String) {
        for key in keys where section.present.contains(key) {
            diagnostics.error(
                section[key]?.position ?? section.position,
                sentence(key, in: section, "has no meaning when the kind is \(kind)"))
        }
    }

    /// The text of a key that a section of that kind must have; one that is missing is reported.
    mutating func needed(_ key: String, _ section: DecodedSection, kind: String) -> String? {
        if !section.present.contains(key) {
            diagnostics.error(
                section.position,
                "\"\(key)\" is missing in \"\(section.path)\"; the kind \(kind) needs it")
        }
        return section.text(key)
    }

    private mutating func bearer(_ section: DecodedSection) -> UpstreamCredential? {
        guard needed("file", section, kind: "bearer") != nil,
            let secret = secret("file", in: section)
        else { return nil }
        // RFC 6750 §2.1, b64token.
        let isToken = secret.bytes.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
                || "-._~+/=".utf8.contains(byte)
        }
        guard isToken else {
            diagnostics.error(
                section["file"]?.position,
                "the file of \(sentence("file", in: section, "must hold one bearer token and nothing else"))"
            )
            return nil
        }
        return .bearer(secret)
    }

    private mutating func header(_ section: DecodedSection) -> UpstreamCredential? {
        let name = needed("header", section, kind: "header")
        let file = needed("file", section, kind: "header")
        checkField(name, section)
        guard let name, file != nil, let secret = secret("file", in: section) else { return nil }
        // RFC 9110 §5.5: visible characters, with spaces between them only.
        let isValue = secret.bytes.allSatisfy { (0x20...0x7E).contains($0) }
        guard isValue, secret.bytes.first != 0x20, secret.bytes.last != 0x20 else {
            diagnostics.error(
                section["file"]?.position,
                "the file of \(sentence("file", in: section, "must hold one line of visible ASCII characters"))"
            )
            return nil
        }
        return .header(name: name, secret)
    }

    private mutating func identity(
        _ section: DecodedSection, of server: DecodedSection
    ) -> UpstreamCredential? {
        let header = tokenField(section)
        return audience(section, of: server).map { .identity(audience: $0, header: header) }
    }

    /// The keys that only a token exchange has.
    private static let exchangeKeys = [
        "issuer", "token_endpoint", "client_id", "client_secret_file", "scope",
    ]

    private mutating func exchange(
        _ section: DecodedSection, of server: DecodedSection
    ) -> UpstreamCredential? {
        let kind = "token_exchange"
        let header = tokenField(section)
        let audience = audience(section, of: server)
        let hasIssuer = section.present.contains("issuer")
        let hasEndpoint = section.present.contains("token_endpoint")
        if !hasIssuer && !hasEndpoint {
            diagnostics.error(
                section.position,
                "\"token_endpoint\" or \"issuer\" is missing in \"\(section.path)\"; the kind \(kind) needs one of them"
            )
        }
        let issuer = hasIssuer ? issuer(section) : nil
        let endpoint = hasEndpoint ? endpoint("token_endpoint", in: section) : nil
        let clientID = needed("client_id", section, kind: kind)
        let file = needed("client_secret_file", section, kind: kind)
        let secret = clientSecret(section)
        let scope = section.text("scope")
        if let scope, ScopeSet(parsing: scope) == nil {
            refuse("scope", in: section, "must be scopes separated by single spaces")
        }
        guard hasIssuer == (issuer != nil), hasEndpoint == (endpoint != nil),
            hasIssuer || hasEndpoint, let clientID, file != nil, let secret, let audience
        else { return nil }
        return .exchange(
            TokenExchangeOptions(
                issuer: issuer, tokenEndpoint: endpoint, clientID: clientID,
                clientSecret: secret, audience: audience, scope: scope, header: header))
    }

    /// The field that carries a token alone.
    private mutating func tokenField(_ section: DecodedSection) -> String? {
        let header = section.text("header")
        checkField(header, section)
        if header?.lowercased() == "authorization" {
            refuse(
                "header", in: section,
                "must be left out, since Authorization carries the token as bearer without it")
        }
        return header
    }

    private mutating func audience(
        _ section: DecodedSection, of server: DecodedSection
    ) -> String? {
        guard let audience = section.text("audience") ?? server.text("upstream") else { return nil }
        guard audience.utf8.count <= Self.maximumAudienceLength else {
            refuse(
                "audience", in: section,
                "must have at most \(Self.maximumAudienceLength) bytes")
            return nil
        }
        return audience
    }

    private mutating func checkField(_ name: String?, _ section: DecodedSection) {
        guard let name, !Self.mayCarryCredential(name) else { return }
        refuse(
            "header", in: section,
            "must be the name of a header field that the gateway does not write itself")
    }

    /// The longest audience of tokens for upstreams, in bytes.
    private static let maximumAudienceLength = 1024

    /// Whether the name is a field name (RFC 9110 §5.1) of no field that frames, routes or identifies.
    private static func mayCarryCredential(_ name: String) -> Bool {
        let lower = name.lowercased()
        let isToken =
            !lower.isEmpty && lower.utf8.count <= 128
            && lower.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0)
                    || "!#$%&'*+-.^_`|~".utf8.contains($0)
            }
        let own: Set<String> = [
            "accept", "accept-encoding", "connection", "content-encoding", "content-length",
            "content-type", "expect", "forwarded", "host", "keep-alive", "last-event-id", "origin",
            "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "via",
        ]
        let families = ["mcp-", "x-gatehouse-", "x-forwarded-"]
        return isToken && !own.contains(lower) && !families.contains { lower.hasPrefix($0) }
    }
}
