internal import HTTP
internal import JOSE

extension ConfigurationBuilder {
    /// The issuer that a server's tokens come from.
    mutating func foreignIssuer(
        _ section: DecodedSection, defaultAudience: String
    ) -> ForeignIssuerOptions? {
        let issuer = issuer(section)
        let keys = keySet(section)
        let algorithms = section.texts("algorithms").compactMap(TokenAlgorithm.init)
        guard let issuer, let keys, let name = section.text("jwks_file"),
            let claim = section.text("scope_claim")
        else { return nil }
        return ForeignIssuerOptions(
            issuer: issuer, keysFile: files.resolve(name), keys: keys,
            audience: section.text("audience") ?? defaultAudience, scopeClaim: claim,
            userClaim: section.text("user_claim"), groupsClaim: section.text("groups_claim"),
            algorithms: algorithms)
    }

    /// The issuer, which is compared byte for byte and so is kept as written.
    ///
    /// Source: RFC 8414 §2.
    private mutating func issuer(_ section: DecodedSection) -> String? {
        guard let text = section.text("issuer") else { return nil }
        do throws(URIViolation) {
            let url = try AbsoluteURI(parsing: text)
            guard url.query == nil else {
                refuse("issuer", in: section, "must not have a query")
                return nil
            }
            guard url.scheme == .https || url.host.isLoopback else {
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
