internal import AuthorizationServer
internal import HTTPClient
internal import OAuth
internal import ResourceServer

extension GatewayConfiguration {
    /// What will be served, for people: listeners, and for each server the URL that clients use, where its requests
    /// go, whose tokens open it and what each scope opens.
    ///
    /// Lines end in a line feed. Secrets are not in it.
    package var summary: String {
        var lines = [
            Self.line("public URL", "\(publicURL)"),
            Self.line("listening on", listeners.map(\.summary).joined(separator: ", ")),
        ]
        if let health {
            lines.append(
                Self.line("health on", "\(health.address) (/livez, /readyz, /metrics)"))
        }
        switch state {
        case .sqlite(let file): lines.append(Self.line("state", "sqlite:\(file)"))
        }
        if servers.contains(where: \.showsIdentity) {
            lines.append(
                Self.line(
                    "identity keys", "\(publicURL)/identity-jwks (\(tokens.algorithm.rawValue))"))
        }
        if let text = outbound.summary { lines.append(Self.line("outbound", text)) }
        if let audit { lines.append(Self.line("audit", audit.summary)) }
        lines += issuingLines
        for server in servers {
            lines += server.summaryLines(concurrent: limits.concurrentCount)
        }
        return lines.map(Self.shown).joined(separator: "\n") + "\n"
    }

    /// A line that stays one on a terminal: patterns and names may hold characters that move it.
    private static func shown(_ line: String) -> String {
        var result = ""
        for scalar in line.unicodeScalars {
            result.unicodeScalars.append(scalar.isControl ? "\u{FFFD}" : scalar)
        }
        return result
    }

    /// How tokens are issued; nothing where every server's tokens come from elsewhere.
    private var issuingLines: [String] {
        guard servers.contains(where: { $0.tokenSource == .gateway }) else { return [] }
        let access = ValueText.text(tokens.accessLifetime)
        let refresh = ValueText.text(tokens.refreshLifetime)
        var lines = [
            Self.line(
                "tokens",
                "\(tokens.algorithm.rawValue), valid for \(access), refreshed for \(refresh)"),
            Self.line("sign-in by", signIn.map(\.summary).joined(separator: ", ")),
            Self.line("documents", registration.documentsSummary),
            Self.line("registration", registration.summary),
        ]
        lines += registration.softwareStatements.map {
            Self.line("statements of", "\($0.issuer), \($0.keys.summary)")
        }
        lines.append(
            Self.line(
                "redirects to", registration.redirectURIs.map(\.summary).joined(separator: ", ")))
        lines += clients.map { Self.line("client", $0.summary) }
        lines += assertionIssuers.map { Self.line("assertions of", $0.summary) }
        if !tokens.asksForNonce {
            lines.append(Self.line("DPoP nonces", "off, so that proofs need none"))
        }
        if !sendsIssuer {
            lines.append(Self.line("iss parameter", "off, neither sent nor announced"))
        }
        return lines
    }

    /// A line of the summary with its label in a column of its own.
    fileprivate static func line(_ label: String, _ text: String, indent: Int = 0) -> String {
        let start = String(repeating: " ", count: indent) + label
        return start + String(repeating: " ", count: max(1, 16 - start.count)) + text
    }
}

extension ListenOptions {
    fileprivate var summary: String { "\(address)" + (tls == nil ? "" : " (TLS)") }
}

extension OutboundOptions {
    /// What differs from the Internet by https with the authorities of the system; nil if nothing does.
    fileprivate var summary: String? {
        var parts: [String] = []
        if !policy.allowedBlocks.isEmpty {
            let blocks = policy.allowedBlocks.map(\.description).joined(separator: ", ")
            parts.append("\(blocks) too, http there as well")
        }
        if let authorityFile { parts.append("authorities of \(authorityFile) only") }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }
}

extension AuditOptions {
    fileprivate var summary: String {
        let place =
            switch destination {
            case .standardOutput: "stdout"
            case .syslog(let socket): "syslog (\(socket))"
            case .file(let path): "file \(path)"
            }
        let policy =
            switch onFailure {
            case .deny: "nothing is forwarded or issued while it cannot be written"
            case .continue: "requests go on while it cannot be written"
            }
        return "\(place), signed every \(ValueText.text(checkpointInterval)); \(policy)"
    }
}

extension SignInOptions {
    fileprivate var summary: String {
        switch kind {
        case .users(let file): "\(name) (users of \(file))"
        case .provider(let provider):
            switch provider.kind {
            case .openID(let issuer): "\(name) (OpenID Connect at \(issuer))"
            case .oauth(let endpoints): "\(name) (OAuth 2.0 at \(endpoints.authorization))"
            }
        }
    }
}

extension RegistrationOptions {
    /// Whose metadata documents are taken.
    fileprivate var documentsSummary: String {
        let domains = trustedDomains.joined(separator: ", ")
        switch metadataDocuments {
        case .off: return "off, no client is known by the URL of its metadata document"
        case .trusted where trustedDomains.isEmpty:
            return "off until registration.trusted_domains names whose metadata documents are taken"
        case .trusted: return "metadata documents of \(domains)"
        case .any:
            let trusted =
                domains.isEmpty ? "none of them verified" : "verified are those of \(domains)"
            return "metadata documents of any host; \(trusted)"
        }
    }

    fileprivate var summary: String {
        let kind: String
        switch dynamic {
        case .off: return "off"
        case .open: kind = "open"
        case .token: kind = "with a token of gatehouse client invite"
        case .approval: kind = "open, and nobody is served before gatehouse client approve"
        }
        let lifetime = ValueText.text(.seconds(lifetime))
        return
            "\(kind), \(perMinute)/min per address, \(totalPerMinute)/min in total, good for \(lifetime)"
    }
}

extension DPoPUse {
    /// What a server does that does not do the usual.
    fileprivate var summary: String? {
        switch self {
        case .off: "refused (DPoP is off)"
        case .allowed: nil
        case .required: "required of every client (DPoP)"
        }
    }
}

extension RegistrationOptions.RedirectRule {
    /// The rule as it is written in the file.
    fileprivate var summary: String {
        switch self {
        case .known: "known"
        case .loopback: "loopback"
        case .exactly(let uri): uri
        case .host(let host): host
        case .scheme(let scheme): "\(scheme):"
        }
    }
}

extension ServerOptions {
    /// The lines of the server; `concurrent` is how many requests may be in flight where it does not
    /// say.
    fileprivate func summaryLines(concurrent: Int) -> [String] {
        var lines = ["", "server \(name)"]
        if title != name { lines.append(GatewayConfiguration.line("title", title, indent: 2)) }
        lines += [
            GatewayConfiguration.line("clients use", url, indent: 2),
            GatewayConfiguration.line("upstream", upstreamText, indent: 2),
            GatewayConfiguration.line("tokens from", issuerText, indent: 2),
        ]
        if let text = dpop.summary {
            lines.append(GatewayConfiguration.line("bound tokens", text, indent: 2))
        }
        if let observesUntil {
            lines.append(
                GatewayConfiguration.line(
                    "mode",
                    "observe: the scopes are not enforced until \(observesUntil) (Unix time)",
                    indent: 2))
        }
        lines += limits.summaries(concurrent: concurrent).map {
            GatewayConfiguration.line($0, $1, indent: 2)
        }
        if opensEverything {
            lines.append(
                GatewayConfiguration.line(
                    "scope \(name)", "opens everything, since the file names no scopes", indent: 2))
            return lines
        }
        for scope in scopes {
            let mark = scope.initial ? "" : " (by step-up only)"
            lines.append("  scope \(scope.name)\(mark)")
            lines += scope.openings.map { GatewayConfiguration.line($0, $1, indent: 4) }
        }
        return lines
    }

    private var upstreamText: String {
        let url =
            switch transport {
            case .streamable: "\(upstream.url)"
            case .sse: "\(upstream.url) by HTTP+SSE"
            }
        return switch upstream.credential {
        case .none: url
        case .bearer(let secret): "\(url) with the bearer token of \(secret.file)"
        case .header(let name, let secret): "\(url) with \(name) of \(secret.file)"
        case .identity(let audience, let header):
            "\(url) with identity tokens for \(audience) in \(header ?? "Authorization")"
        case .exchange(let options):
            "\(url) with tokens for \(options.audience) in \(options.header ?? "Authorization"), exchanged at \(options.place) for \(showsIdentity ? "identity tokens" : "the caller's tokens")"
        }
    }

    private var issuerText: String {
        switch tokenSource {
        case .gateway: "this gateway"
        case .foreign(let options):
            "\(options.issuer) for \(options.audience), \(options.judging.summary)\(options.holderText)"
        }
    }
}

extension ServerOptions {
    /// Whether somebody is shown identity tokens, and so needs the keys that check them.
    package var showsIdentity: Bool {
        switch (upstream.credential, tokenSource) {
        case (.none, _), (.bearer, _), (.header, _): false
        case (.identity, _), (.exchange, .gateway): true
        case (.exchange(let options), .foreign(let foreign)):
            // A provider is shown its own tokens as they are.
            !(options.issuer.map { $0.utf8.elementsEqual(foreign.issuer.utf8) } ?? false)
        }
    }
}

extension TokenExchangeOptions {
    fileprivate var place: String { tokenEndpoint.map { "\($0)" } ?? issuer ?? "" }
}

extension ForeignIssuerOptions.Judging {
    fileprivate var summary: String {
        switch self {
        case .keyFile(let file, _): return "keys of \(file)"
        case .asking(.discovery): return "keys discovered from the issuer"
        case .asking(.keys(let uri)): return "keys of \(uri)"
        case .asking(.introspection(let options)):
            let place = options.endpoint.map { "at \($0)" } ?? "at the issuer"
            let audience = options.requiresAudience ? "" : ", taken too where it names no audience"
            return "each asked about \(place)\(audience)"
        }
    }
}

extension ForeignIssuerOptions {
    fileprivate var holderText: String {
        let user = userClaim.map { ", users by \($0)" } ?? ""
        return user + (groupsClaim.map { ", groups by \($0)" } ?? "")
    }
}

extension ScopeDefinition {
    /// What the scope opens, a label and a list for each kind that it names.
    fileprivate var openings: [(String, String)] {
        let granted = grantedTo.map { $0.isEmpty ? ["nobody"] : $0 } ?? []
        let requirement: [String] =
            switch clients {
            case .any: []
            case .verified: ["verified"]
            case .listed(let names): names.isEmpty ? ["none"] : names
            }
        let kinds = [
            ("tools", tools.map(\.summary)), ("resources", resources), ("prompts", prompts),
            ("methods", methods), ("includes", includes), ("granted to", granted),
            ("clients", requirement),
        ]
        return kinds.filter { !$0.1.isEmpty }.map { ($0.0, $0.1.joined(separator: ", ")) }
    }
}

extension ToolRule {
    fileprivate var summary: String {
        guard !arguments.isEmpty else { return name }
        let conditions = arguments.map { condition in
            "\(condition.argument) = \(condition.accepted.map(\.summary).joined(separator: " | "))"
        }
        return "\(name) if \(conditions.joined(separator: " and "))"
    }
}

extension ArgumentValue {
    fileprivate var summary: String {
        switch self {
        case .string(let text): text
        case .number(let digits): digits
        case .bool(let value): value ? "true" : "false"
        case .null: "null"
        }
    }
}
