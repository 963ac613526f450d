internal import HTTP
internal import JOSE

extension ConfigurationBuilder {
    /// The issuer that a server's tokens come from.
    mutating func foreignIssuer(
        _ section: DecodedSection, defaultAudience: String
    ) -> ForeignIssuerOptions? {
        let issuer = issuer(section)
        let judging = judging(section)
        let algorithms = section.texts("algorithms").compactMap(TokenAlgorithm.init)
        guard let issuer, let judging, let claim = section.text("scope_claim")
        else { return nil }
        return ForeignIssuerOptions(
            issuer: issuer, judging: judging,
            audience: section.text("audience") ?? defaultAudience, scopeClaim: claim,
            userClaim: section.text("user_claim"), groupsClaim: section.text("groups_claim"),
            algorithms: algorithms)
    }

    /// By what the issuer's tokens are judged: at most one of three is named.
    private mutating func judging(
        _ section: DecodedSection
    ) -> ForeignIssuerOptions.Judging? {
        let kinds = ["jwks_file", "jwks_uri", "introspection"].filter(section.present.contains)
        for key in kinds.dropFirst() {
            diagnostics.error(
                section[key]?.position ?? section.position,
                sentence(key, in: section, "has no meaning beside \"\(kinds[0])\""))
        }
        guard kinds.count <= 1 else { return nil }
        switch kinds.first {
        case "jwks_file":
            guard let keys = keySet(section), let name = section.text("jwks_file") else {
                return nil
            }
            return .keyFile(files.resolve(name), keys: keys)
        case "jwks_uri": return endpoint("jwks_uri", in: section).map { .asking(.keys($0)) }
        case "introspection":
            return section.section("introspection").flatMap { introspection($0) }
                .map { .asking(.introspection($0)) }
        default: return .asking(.discovery)
        }
    }

    private mutating func introspection(_ section: DecodedSection) -> IntrospectionOptions? {
        let isNamed = section.present.contains("endpoint")
        let endpoint = isNamed ? endpoint("endpoint", in: section) : nil
        let secret = clientSecret(section)
        guard !isNamed || endpoint != nil, let clientID = section.text("client_id"), let secret,
            let requiresAudience = section.flag("require_audience")
        else { return nil }
        return IntrospectionOptions(
            endpoint: endpoint, clientID: clientID, clientSecret: secret,
            requiresAudience: requiresAudience)
    }

    /// A place where the gateway shows a secret, or what it trusts comes from.
    mutating func endpoint(_ key: String, in section: DecodedSection) -> AbsoluteURI? {
        guard let text = section.text(key) else { return nil }
        do throws(URIViolation) {
            let url = try AbsoluteURI(parsing: text)
            if url.isTrustworthy { return url }
            refuse(key, in: section, "must begin with https:// unless its host is loopback")
        } catch {
            refuse(key, in: section, "is not a URL: \(error)")
        }
        return nil
    }

    /// The secret of the file that `client_secret_file` names.
    mutating func clientSecret(_ section: DecodedSection) -> Secret? {
        guard let secret = secret("client_secret_file", in: section) else { return nil }
        // RFC 6749, appendix A.2 — client-secret = *VSCHAR
        guard secret.bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            diagnostics.error(
                section["client_secret_file"]?.position,
                "the file of \(sentence("client_secret_file", in: section, "must hold one line of visible ASCII characters"))"
            )
            return nil
        }
        return secret
    }

    /// The issuer, which is compared byte for byte and so is kept as written.
    ///
    /// Source: RFC 8414 §2.
    mutating func issuer(_ section: DecodedSection) -> String? {
        guard let text = section.text("issuer") else { return nil }
        do throws(URIViolation) {
            let url = try AbsoluteURI(parsing: text)
            guard url.query == nil else {
                refuse("issuer", in: section, "must not have a query")
                return nil
            }
            guard url.isTrustworthy else {
                refuse(
                    "issuer", in: section, "must begin with https:// unless its host is loopback")
                return nil
            }
            return text
        } catch {
            refuse("issuer", in: section, "is not a URL: \(error)")
            return nil
        }
    }

    /// The text of the JWK set that `jwks_file` names, with at least one key that can be used; nil where
    /// it is wrong, which is reported.
    mutating func keySet(_ section: DecodedSection) -> [UInt8]? {
        guard let name = section.text("jwks_file"),
            let bytes = content(
                of: files.resolve(name), limit: JSONWebKeySet.textLimit, "jwks_file", in: section)
        else { return nil }
        let problem: String
        do throws(JWKSetViolation) {
            let set = try JSONWebKeySet(parsing: bytes)
            if !set.keys.isEmpty { return bytes }
            problem = "holds no key that can be used"
        } catch {
            problem = error.problem
        }
        diagnostics.error(
            section["jwks_file"]?.position,
            "the file of \(sentence("jwks_file", in: section, problem))")
        return nil
    }
}

extension JWKSetViolation {
    /// The violation as the end of a sentence that begins with the file.
    fileprivate var problem: String {
        switch self {
        case .tooLarge: "has more than \(JSONWebKeySet.textLimit) bytes"
        case .notJSON(let violation): "is not JSON: \(violation)"
        case .noKeys: "is not a JWK set: it has no list \"keys\""
        case .tooManyKeys: "holds more than \(JSONWebKeySet.keyLimit) keys"
        case .duplicateKeyID(let id):
            "holds two keys for one algorithm with the kid \(DiagnosticList.quoted(id))"
        }
    }
}
