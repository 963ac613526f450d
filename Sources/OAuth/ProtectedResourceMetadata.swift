import JSON

/// The document that tells clients which authorization server guards a resource.
///
/// Source: RFC 9728 §2. No member is ever null or empty: clients refuse both.
package struct ProtectedResourceMetadata: Sendable, Equatable {
    /// The path of the document of a resource without a path; its path is appended (RFC 9728 §3.1).
    package static let wellKnownPath = "/.well-known/oauth-protected-resource"

    /// `resource`: the URL as the client asked for it, with its trailing slash if it had one, since
    /// clients compare it with theirs as text (RFC 9728 §3.3).
    package var resource: String
    /// `authorization_servers`: the issuers, byte for byte.
    package var authorizationServers: [String]
    /// `scopes_supported`: the scopes that a client begins with; left out when empty.
    package var scopesSupported: ScopeSet
    /// `resource_name`, for people; left out when empty.
    package var resourceName: String
    /// Whether tokens are bound to keys: `dpop_signing_alg_values_supported`, and
    /// `dpop_bound_access_tokens_required` where they must be.
    package var dpop: DPoPUse

    /// A document.
    package init(
        resource: String, authorizationServers: [String], scopesSupported: ScopeSet,
        resourceName: String = "", dpop: DPoPUse = .off
    ) {
        self.resource = resource
        self.authorizationServers = authorizationServers
        self.scopesSupported = scopesSupported
        self.resourceName = resourceName
        self.dpop = dpop
    }

    /// The document's bytes.
    package var body: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("resource")
        writer.string(resource)
        Self.append(&writer, "authorization_servers", authorizationServers)
        Self.append(&writer, "scopes_supported", scopesSupported.tokens.map(\.text))
        Self.append(&writer, "bearer_methods_supported", ["header"])
        if !resourceName.isEmpty {
            writer.name("resource_name")
            writer.string(resourceName)
        }
        switch dpop {
        case .off: break
        case .allowed: appendAlgorithms(&writer)
        case .required:
            appendAlgorithms(&writer)
            writer.name("dpop_bound_access_tokens_required")
            writer.bool(true)
        }
        writer.endObject()
        return writer.bytes
    }

    private func appendAlgorithms(_ writer: inout JSONWriter) {
        Self.append(&writer, "dpop_signing_alg_values_supported", DPoPVerifier.algorithms)
    }

    /// Adds a member with an array of strings, unless there are none (RFC 9728 §3.2).
    private static func append(
        _ writer: inout JSONWriter, _ name: StaticString, _ values: [String]
    ) {
        guard !values.isEmpty else { return }
        writer.name(name)
        writer.beginArray()
        for value in values { writer.string(value) }
        writer.endArray()
    }
}
