internal import HTTP
internal import OAuth
internal import ResourceServer

extension ConfigurationBuilder {
    /// Paths that the gateway answers itself, which no server may take.
    static let reservedPaths = [
        "/.well-known", "/authorize", "/consent", "/token", "/register", "/revoke", "/introspect",
        "/par", "/jwks", "/identity-jwks", "/sign-in", "/sign-out", "/account",
    ]

    /// The servers in the order of the file.
    mutating func servers(
        _ root: DecodedSection, publicURL: AbsoluteURI?, signIn: [SignInOptions]
    ) -> [ServerOptions] {
        var servers: [ServerOptions] = []
        var paths: [String: DecodedName] = [:]
        for entry in root.names("servers") {
            guard case .section(let section) = entry.value.content else { continue }
            if let path = section.text("path") {
                let key = path.hasSuffix("/") ? String(path.dropLast()) : path
                if let first = paths[key] {
                    refuse("path", in: section, "is the path of server \"\(first.name)\" already")
                } else {
                    paths[key] = entry
                }
            }
            let server = server(
                entry.name, section, root: root, publicURL: publicURL, signIn: signIn)
            if let server { servers.append(server) }
        }
        return servers
    }

    private mutating func server(
        _ name: String, _ section: DecodedSection, root: DecodedSection, publicURL: AbsoluteURI?,
        signIn: [SignInOptions]
    ) -> ServerOptions? {
        let path = path(section)
        let title = title(section, of: name)
        let upstream = upstream(section, root: root)
        let origins = origins(section)
        let isForeign = section.present.contains("authorization_server")
        let scopes = scopes(
            section, server: name, isForeign: isForeign,
            sources: root.names("sign_in").map(\.name))
        let limits = serverLimits(section, root: root)
        let observation = observation(section, of: name)
        let url = (publicURL?.description ?? "") + (path ?? "")
        let foreign = section.section("authorization_server").flatMap {
            foreignIssuer($0, defaultAudience: url)
        }
        guard let path, let title, let upstream, let limits, isForeign == (foreign != nil),
            let visibility = section.text("visibility").flatMap(ServerOptions.Visibility.init),
            let transport = section.text("transport").flatMap(ServerOptions.Transport.init),
            let dpop = (section.text("dpop") ?? root.section("tokens")?.text("dpop"))
                .flatMap(DPoPUse.init)
        else { return nil }
        return ServerOptions(
            name: name, title: title, path: path, url: url, upstream: upstream,
            transport: transport, allowedOrigins: origins,
            visibility: visibility, dpop: dpop, observesUntil: observation, limits: limits,
            tokenSource: foreign.map { .foreign($0) } ?? .gateway, scopes: scopes,
            opensEverything: !section.present.contains("scopes"))
    }

    /// The name for people, which stands in the middle of sentences that they decide by.
    private mutating func title(_ section: DecodedSection, of name: String) -> String? {
        guard let title = section.text("title") else { return name }
        let scalars = title.unicodeScalars
        // Some scripts join and part letters with characters that count as controls.
        let isShown = scalars.allSatisfy { !$0.isControl || $0.properties.isJoinControl }
        let isEdged = [scalars.first, scalars.last].contains { $0?.properties.isWhitespace == true }
        guard scalars.count <= ServerOptions.maximumTitleLength, isShown, !isEdged else {
            refuse(
                "title", in: section,
                "must have at most \(ServerOptions.maximumTitleLength) characters, no control characters and no space at an end"
            )
            return nil
        }
        return title
    }

    /// The path, which must be one that no two programs read differently.
    private mutating func path(_ section: DecodedSection) -> String? {
        guard let path = section.text("path") else { return nil }
        guard let fault = Self.fault(ofPath: path) else { return path }
        refuse("path", in: section, fault)
        return nil
    }

    private static func fault(ofPath path: String) -> String? {
        guard path.hasPrefix("/") else { return "must begin with \"/\"" }
        guard !path.contains("?"), !path.contains("#") else {
            return "must not have a query or a fragment"
        }
        let isPlain = path.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
                || "-._~/".utf8.contains(byte)
        }
        guard isPlain else {
            return "must consist of letters, digits, \"-\", \".\", \"_\", \"~\" and \"/\""
        }
        guard path != "/" else { return "must name at least one segment, such as /mcp" }
        guard !path.hasSuffix("/") else { return "must not end in \"/\"" }
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard !segments.contains("") else { return "must not have empty segments (//)" }
        guard !segments.contains("."), !segments.contains("..") else {
            return "must not have dot segments"
        }
        let reserved = reservedPaths.first { path == $0 || path.hasPrefix("\($0)/") }
        return reserved.map { "must not be beneath \($0), which the gateway answers itself" }
    }

    private mutating func origins(_ section: DecodedSection) -> [Origin] {
        (section.list("allowed_origins") ?? []).compactMap { item in
            guard let text = item.text else { return nil }
            // One spelling only, so that what is read here is what is compared later.
            if let origin = try? Origin(parsing: text), origin.description == text { return origin }
            let shown = DiagnosticList.quoted(item.written)
            diagnostics.error(
                item.position,
                sentence(
                    "allowed_origins", in: section,
                    "must hold origins such as https://app.example.com; found \(shown)"))
            return nil
        }
    }
}
