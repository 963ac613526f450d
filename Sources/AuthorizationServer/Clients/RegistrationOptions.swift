/// Which clients may register themselves, and how many.
package struct RegistrationOptions: Sendable, Equatable {
    /// Whether dynamic registration (RFC 7591) is served.
    package enum Dynamic: String, Sendable, CaseIterable {
        /// No client registers itself.
        case off
        /// Every client may, within the limits.
        case open
        /// Who has an initial access token may (RFC 7591 §3).
        case token
        /// Every client may, and waits until an administrator has approved it.
        case approval
    }

    /// Whose metadata documents are taken: clients whose id is the URL of one
    /// (draft-ietf-oauth-client-id-metadata-document).
    package enum MetadataDocuments: String, Sendable, CaseIterable {
        /// Nobody's.
        case off
        /// Those of the trusted domains.
        case trusted
        /// Everybody's; the clients of trusted domains are verified.
        case any
    }

    /// An entry of `redirect_uris`: what a registered redirect URI may be.
    package enum RedirectRule: Sendable, Hashable {
        /// The callbacks of products that are known to us.
        case known
        /// http on this machine, any port.
        case loopback
        /// This URI.
        case exactly(String)
        /// https at this host, lower case; with a leading `*.` at its subdomains.
        case host(String)
        /// This private-use scheme (RFC 8252 §7.1), lower case.
        case scheme(String)
    }

    /// Whose metadata documents are taken.
    package var metadataDocuments: MetadataDocuments
    /// The hosts, in lower case, that speak for their clients: `claude.ai`, `*.example.com` for the
    /// hosts beneath, with `:` and the port where it is not 443.
    package var trustedDomains: [String]
    /// Whether dynamic registration is served.
    package var dynamic: Dynamic
    /// Who vouches for software, each once; statements of nobody else are taken.
    package var softwareStatements: [SoftwareStatementIssuer]
    /// What redirect URIs may be.
    package var redirectURIs: [RedirectRule]
    /// Registrations per minute from one address.
    package var perMinute: Int
    /// Registrations per minute in total.
    package var totalPerMinute: Int
    /// How long a registration is good for, in seconds.
    package var lifetime: Int64

    /// Options.
    package init(
        metadataDocuments: MetadataDocuments = .trusted, trustedDomains: [String] = [],
        dynamic: Dynamic = .open, softwareStatements: [SoftwareStatementIssuer] = [],
        redirectURIs: [RedirectRule] = [.known, .loopback],
        perMinute: Int = 30, totalPerMinute: Int = 1000, lifetime: Int64 = 365 * 86_400
    ) {
        self.metadataDocuments = metadataDocuments
        self.trustedDomains = trustedDomains
        self.dynamic = dynamic
        self.softwareStatements = softwareStatements
        self.redirectURIs = redirectURIs
        self.perMinute = perMinute
        self.totalPerMinute = totalPerMinute
        self.lifetime = lifetime
    }

    /// Whether the document of any client would be taken; where none would, clients that can
    /// register in another way should.
    package var takesDocuments: Bool {
        switch metadataDocuments {
        case .off: false
        case .trusted: !trustedDomains.isEmpty
        case .any: true
        }
    }
}
