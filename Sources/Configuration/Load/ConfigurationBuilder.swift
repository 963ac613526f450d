internal import OAuth

/// Makes the configuration out of a decoded file, and checks what the types of single keys cannot say.
///
/// Every part is checked even when others are wrong. A part that cannot be made is nil, and its error is in the list.
struct ConfigurationBuilder {
    var diagnostics: DiagnosticList
    /// Where the rules of scopes stand.
    var rulePositions = ScopeRulePositions()
    let files: FileReader
    /// The time of reading, in Unix seconds.
    let now: Int64

    /// The configuration, or nil where something was wrong.
    mutating func build(_ root: DecodedSection) -> GatewayConfiguration? {
        let publicURL = publicURL(root)
        let listeners = listeners(root, publicURL: publicURL)
        let health = health(root, listeners: listeners)
        let signIn = signInSources(root)
        let registration = registration(root)
        let state = state(root)
        let masterKey = masterKey(root)
        let tokens = tokens(root)
        let outbound = outbound(root)
        let log = log(root)
        let audit = audit(root, log: log, state: state)
        let limits = root.section("limits").flatMap(Self.limits)
        let timeouts = root.section("timeouts").flatMap(Self.timeouts)
        let servers = servers(root, publicURL: publicURL, signIn: signIn)
        let clients = clients(root, servers: servers)
        let assertionIssuers = assertionIssuers(root, signIn: signIn, clients: clients)
        checkSignIn(root)
        guard !diagnostics.hasErrors, let publicURL, let state, let registration, let tokens,
            let outbound,
            let sendsIssuer = root.text("iss_parameter"), let log, let limits, let timeouts
        else { return nil }
        return GatewayConfiguration(
            publicURL: publicURL, listeners: listeners,
            health: health.map { HealthOptions(address: $0) }, state: state, masterKey: masterKey,
            workers: root.count("workers").map { .count($0) } ?? .auto, signIn: signIn,
            clients: clients, assertionIssuers: assertionIssuers, registration: registration,
            sendsIssuer: sendsIssuer == "on", tokens: tokens, outbound: outbound, limits: limits,
            timeouts: timeouts, log: log, audit: audit, servers: servers,
            rulePositions: rulePositions)
    }

    /// What is said of the value of a key: `"state" must …; found "x"`.
    func sentence(_ key: String, in section: DecodedSection, _ rest: String) -> String {
        "\"\(ConfigurationSchema.path(key, in: section.path))\" \(rest)"
    }

    /// Reports a value of a section, showing it as it is written unless it could hold a password.
    mutating func refuse(_ key: String, in section: DecodedSection, _ rest: String) {
        guard let value = section[key] else { return }
        let mayHoldSecret = value.written.contains { $0 == "@" || $0 == "?" }
        refuseItem(value, sentence(key, in: section, rest), isShown: !mayHoldSecret)
    }

    /// Reports a value, such as an item of a list, with a whole sentence.
    mutating func refuseItem(_ item: DecodedValue, _ sentence: String, isShown: Bool = true) {
        let found = "; found \(DiagnosticList.quoted(item.written))"
        diagnostics.error(item.position, isShown ? sentence + found : sentence)
    }

    private static func limits(_ section: DecodedSection) -> LimitOptions? {
        guard let requestLine = section.count("request_line"),
            let fieldLine = section.count("field_line"), let fields = section.count("fields"),
            let fieldCount = section.count("field_count"), let body = section.count("body"),
            let jsonDepth = section.count("json_depth"),
            let jsonMembers = section.count("json_members"),
            let jsonName = section.count("json_name"), let event = section.count("event"),
            let connections = section.count("connections"),
            let perAddress = section.count("connections_per_address"),
            let concurrent = section.count("concurrent"), let buffer = section.count("buffer")
        else { return nil }
        return LimitOptions(
            requestLine: requestLine, fieldLine: fieldLine, fields: fields, fieldCount: fieldCount,
            body: body, jsonDepth: jsonDepth, jsonMemberCount: jsonMembers, jsonName: jsonName,
            event: event, connectionCount: connections, connectionCountPerAddress: perAddress,
            concurrentCount: concurrent, buffer: buffer)
    }

    private static func timeouts(_ section: DecodedSection) -> TimeLimits? {
        guard let head = section.duration("head"), let body = section.duration("body"),
            let idle = section.duration("idle"), let drain = section.duration("drain")
        else { return nil }
        return TimeLimits(head: head, body: body, idle: idle, drain: drain)
    }
}

extension ConfigurationBuilder {
    private mutating func state(_ root: DecodedSection) -> StateOptions? {
        guard let text = root.text("state") else { return nil }
        if text.hasPrefix("postgresql:") || text.hasPrefix("postgres:") {
            // The text may hold a password, so it is not shown.
            diagnostics.error(
                root["state"]?.position,
                "PostgreSQL is not supported by this version; \"state\" must be sqlite: and a file")
            return nil
        }
        guard text.hasPrefix("sqlite:"), text.count > "sqlite:".count else {
            refuse("state", in: root, "must be sqlite: and a file, such as sqlite:gatehouse.db")
            return nil
        }
        return .sqlite(file: files.resolve(String(text.dropFirst("sqlite:".count))))
    }

    private mutating func masterKey(_ root: DecodedSection) -> Secret? {
        guard let secret = secret("master_key_file", in: root) else { return nil }
        let isHexadecimal = secret.bytes.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
        }
        guard secret.bytes.count == 64, isHexadecimal else {
            diagnostics.error(
                root["master_key_file"]?.position,
                "the file of \"master_key_file\" must hold 64 hexadecimal digits and nothing else")
            return nil
        }
        return secret
    }

    /// The secret that a key names the file of; a line break at its end is no part of it.
    mutating func secret(_ key: String, in section: DecodedSection) -> Secret? {
        guard let name = section.text(key) else { return nil }
        let file = files.resolve(name)
        guard var bytes = content(of: file, limit: 64 << 10, key, in: section) else { return nil }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard !bytes.isEmpty else {
            diagnostics.error(
                section[key]?.position,
                "the file of \(sentence(key, in: section, "is empty"))")
            return nil
        }
        return Secret(bytes, file: file)
    }

    /// The content of a file that a key names, or nil where it cannot be read, which is reported.
    mutating func content(
        of file: String, limit: Int, _ key: String, in section: DecodedSection
    ) -> [UInt8]? {
        do throws(FileReader.Failure) {
            return try files.read(file, limit: limit)
        } catch {
            diagnostics.error(
                section[key]?.position,
                "the file of \(sentence(key, in: section, error.reason)); it is \(DiagnosticList.quoted(section[key]?.written ?? ""))"
            )
            return nil
        }
    }

    private mutating func tokens(_ root: DecodedSection) -> TokenOptions? {
        guard let section = root.section("tokens") else { return nil }
        let access = wholeSeconds("access_lifetime", in: section)
        let refresh = wholeSeconds("refresh_lifetime", in: section)
        let grace = wholeSeconds("refresh_reuse_grace", in: section)
        guard let access, let refresh, let grace,
            let algorithm = section.text("algorithm").flatMap(TokenAlgorithm.init),
            let dpop = section.text("dpop").flatMap(DPoPUse.init),
            let nonce = section.text("dpop_nonce")
        else { return nil }
        guard refresh >= access else {
            refuse(
                "refresh_lifetime", in: section,
                "must not be below \(sentence("access_lifetime", in: section, "(\(ValueText.text(access)))"))"
            )
            return nil
        }
        return TokenOptions(
            accessLifetime: access, refreshLifetime: refresh, refreshReuseGrace: grace,
            algorithm: algorithm, dpop: dpop, asksForNonce: nonce == "on")
    }

    /// A duration of whole seconds, as tokens and their answers count them.
    mutating func wholeSeconds(_ key: String, in section: DecodedSection) -> Duration? {
        guard let duration = section.duration(key) else { return nil }
        guard duration.components.attoseconds == 0 else {
            refuse(key, in: section, "must be whole seconds")
            return nil
        }
        return duration
    }

    private mutating func log(_ root: DecodedSection) -> LogOptions? {
        guard let section = root.section("log"),
            let level = section.text("level").flatMap(LogOptions.Level.init),
            let access = section.text("access"), let target = section.text("to")
        else { return nil }
        let destination: LogOptions.Destination
        switch target {
        case "stdout": destination = .standardOutput
        case "stderr": destination = .standardError
        default:
            let path = target.dropFirst("file ".count)
            guard target.hasPrefix("file "), !path.isEmpty, !path.hasPrefix(" ") else {
                refuse("to", in: section, "must be stdout, stderr or file and a path")
                return nil
            }
            destination = .file(files.resolve(String(path)))
        }
        return LogOptions(level: level, access: access == "on", destination: destination)
    }

    private mutating func checkSignIn(_ root: DecodedSection) {
        guard !root.present.contains("sign_in") else { return }
        let own = root.names("servers").first { server in
            guard case .section(let section) = server.value.content else { return false }
            return !section.present.contains("authorization_server")
        }
        guard let own else { return }
        diagnostics.error(
            root.position,
            "\"sign_in\" is missing; server \"\(own.name)\" has no authorization_server of its own")
    }
}
