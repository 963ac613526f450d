internal import AuthorizationServer

extension ConfigurationBuilder {
    /// Which clients may register themselves.
    mutating func registration(_ root: DecodedSection) -> RegistrationOptions? {
        guard let section = root.section("registration") else { return nil }
        let lifetime = wholeSeconds("client_lifetime", in: section)
        let rules = redirectRules(section)
        let domains = trustedDomains(section)
        let statements = softwareStatements(section)
        guard let lifetime,
            let documents = section.text("metadata_documents").flatMap(
                RegistrationOptions.MetadataDocuments.init),
            let dynamic = section.text("dynamic").flatMap(RegistrationOptions.Dynamic.init),
            let rate = section.rate("rate"), let total = section.rate("total_rate")
        else { return nil }
        return RegistrationOptions(
            metadataDocuments: documents, trustedDomains: domains, dynamic: dynamic,
            softwareStatements: statements, redirectURIs: rules, perMinute: rate.countPerMinute,
            totalPerMinute: total.countPerMinute, lifetime: lifetime.components.seconds)
    }

    /// Who vouches for software.
    private mutating func softwareStatements(
        _ section: DecodedSection
    ) -> [SoftwareStatementIssuer] {
        var issuers: [SoftwareStatementIssuer] = []
        for item in section.list("software_statements") ?? [] {
            guard case .section(let entry) = item.content else { continue }
            let keys = issuerKeys(entry)
            guard let keys, let issuer = entry.text("issuer") else { continue }
            guard !issuers.contains(where: { $0.issuer.utf8.elementsEqual(issuer.utf8) }) else {
                refuse("issuer", in: entry, "is the issuer of another entry")
                continue
            }
            issuers.append(SoftwareStatementIssuer(issuer: issuer, keys: keys))
        }
        return issuers
    }

    /// The hosts that speak for their clients, each once.
    private mutating func trustedDomains(_ section: DecodedSection) -> [String] {
        var domains: [String] = []
        for item in section.list("trusted_domains") ?? [] {
            guard let text = item.text else { continue }
            do throws(RedirectRuleViolation) {
                let domain = try RegistrationOptions.trustedDomain(parsing: text)
                if !domains.contains(domain) { domains.append(domain) }
            } catch {
                refuseItem(
                    item,
                    sentence("trusted_domains", in: section, "must hold \(error.expectedHosts)"),
                    isShown: !item.written.contains("@"))
            }
        }
        return domains
    }

    /// What redirect URIs may be, each rule once.
    private mutating func redirectRules(
        _ section: DecodedSection
    ) -> [RegistrationOptions.RedirectRule] {
        var rules: [RegistrationOptions.RedirectRule] = []
        for item in section.list("redirect_uris") ?? [] {
            guard let text = item.text else { continue }
            do throws(RedirectRuleViolation) {
                let rule = try RegistrationOptions.RedirectRule(parsing: text)
                if !rules.contains(rule) { rules.append(rule) }
            } catch {
                refuseItem(
                    item, sentence("redirect_uris", in: section, "must hold \(error.expectation)"),
                    isShown: !item.written.contains("@"))
            }
        }
        return rules
    }
}
