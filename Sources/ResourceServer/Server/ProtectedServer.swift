package import HTTP
package import JSON
package import OAuth
import Synchronization

/// One configured server: where it is, whose tokens it takes, and what its scopes open.
///
/// Immutable; a reload makes new ones. What is remembered about a server is kept under its
/// `identity`, so that nothing outlives the rules under which it was found.
package final class ProtectedServer: Sendable {
    private static let lastIdentity = Atomic<UInt64>(0)

    /// The name in the configuration.
    package let name: String
    /// The public path, without a trailing slash: `/tickets/mcp`.
    package let path: String
    /// The URL that clients type, without a trailing slash.
    package let resourceURL: String
    /// What the scopes open.
    package let policy: ScopePolicy
    /// What tokens must be.
    package let tokenRules: TokenRules
    /// Which web origins may talk to the server.
    package let originRule: OriginRule
    /// What lists show.
    package let visibility: Visibility
    /// The time in which the server is in observe mode; nil where its scopes are enforced.
    package let observation: ObservationPeriod?
    /// What JSON of a client may be.
    package let jsonLimits: JSONLimits
    /// How it speaks HTTP.
    package let transport: ServerTransport
    /// The name for people.
    package let title: String
    /// Whether tokens are bound to keys.
    package let dpop: DPoPUse
    /// What is known of the upstream's tools.
    package let toolSchemas: ToolSchemas
    /// What became of its lists.
    package let filteredLists = FilteredLists()
    /// What logs say of a principal; asked once for each token.
    let principalText: @Sendable (Principal) -> [UInt8]
    /// A number unlike that of any other server object of this process.
    package let identity: UInt64

    /// The URL that proofs are for; nil where the server's has no such spelling, so that no proof is
    /// good.
    let proofTarget: DPoPTarget?
    private let publicURL: String
    private let pathBytes: [UInt8]

    /// A server.
    ///
    /// - Parameters:
    ///   - name: the name in the configuration.
    ///   - path: the public path, beginning with a slash and not ending with one.
    ///   - publicURL: scheme and authority, without a path and a trailing slash, byte for byte.
    ///   - policy: what the scopes open.
    ///   - tokenRules: what tokens must be.
    ///   - allowedOrigins: web origins beside our own that may talk to the server.
    ///   - visibility: what lists show.
    ///   - jsonLimits: what JSON of a client may be.
    ///   - transport: how it speaks HTTP.
    ///   - title: the name for people; the name if empty.
    ///   - observation: the time in which the server is in observe mode.
    ///   - toolSchemas: what is known of the upstream's tools; nothing unless they are shared.
    ///   - principalText: what logs say of a principal.
    ///   - dpop: whether tokens are bound to keys.
    /// - Throws: why `publicURL` is no origin.
    package init(
        name: String, path: String, publicURL: String, policy: ScopePolicy,
        tokenRules: TokenRules, allowedOrigins: Set<Origin> = [],
        visibility: Visibility = .granted, jsonLimits: JSONLimits = JSONLimits(),
        transport: ServerTransport = .streamable,
        title: String = "", observation: ObservationPeriod? = nil,
        toolSchemas: ToolSchemas = ToolSchemas(),
        principalText: @escaping @Sendable (Principal) -> [UInt8] = { _ in [] },
        dpop: DPoPUse = .off
    ) throws(URIViolation) {
        self.name = name
        self.path = path
        pathBytes = Array(path.utf8)
        self.publicURL = publicURL
        resourceURL = publicURL + path
        self.policy = policy
        self.tokenRules = tokenRules
        originRule = OriginRule(
            publicOrigin: try Origin(parsing: publicURL), allowedOrigins: allowedOrigins)
        self.visibility = visibility
        self.jsonLimits = jsonLimits
        self.observation = observation
        self.transport = transport
        self.title = title.isEmpty ? name : title
        self.toolSchemas = toolSchemas
        self.principalText = principalText
        self.dpop = dpop
        proofTarget = DPoPTarget(publicURL + path)
        identity = Self.lastIdentity.add(1, ordering: .relaxed).newValue
    }

    /// How a client spelled the server's path: with or without a trailing slash.
    package enum Spelling: String, Sendable, CaseIterable {
        /// As configured.
        case plain = ""
        /// With a slash at the end.
        case trailingSlash = "/"
    }

    /// The spelling of a request's path, nil where it is another path.
    package func spelling(of path: ArraySlice<UInt8>) -> Spelling? {
        let path = path.span
        let pathBytes = pathBytes
        let known = pathBytes.span
        guard path.count == known.count || path.count == known.count + 1 else { return nil }
        for index in known.indices where path[index] != known[index] { return nil }
        if path.count == known.count { return .plain }
        return path[known.count] == UInt8(ascii: "/") ? .trailingSlash : nil
    }

    /// How the path of a request that came here is spelled.
    func spelling(of head: RequestHead) -> Spelling { spelling(of: head.pathBytes) ?? .plain }

    /// The URL of the metadata for clients that spell the path so (RFC 9728 §3.1).
    package func metadataURL(_ spelling: Spelling) -> String {
        publicURL + ProtectedResourceMetadata.wellKnownPath + path + spelling.rawValue
    }

    /// The metadata for clients that spell the path so.
    ///
    /// The plain document also answers at the root when there is exactly one server.
    package func metadata(_ spelling: Spelling = .plain) -> ProtectedResourceMetadata {
        ProtectedResourceMetadata(
            resource: resourceURL + spelling.rawValue, authorizationServers: [tokenRules.issuer],
            scopesSupported: policy.initialScopes, resourceName: title, dpop: dpop)
    }

    /// The metadata that a path asks for: path inserted, with a slash or without, or appended to
    /// the server's own path as some clients do; nil for other paths.
    package func metadata(at requestPath: String) -> ProtectedResourceMetadata? {
        let wellKnown = ProtectedResourceMetadata.wellKnownPath
        if requestPath.utf8.elementsEqual((path + wellKnown).utf8) { return metadata(.plain) }
        guard requestPath.utf8.starts(with: wellKnown.utf8) else { return nil }
        return spelling(of: Array(requestPath.utf8)[wellKnown.utf8.count...]).map { metadata($0) }
    }
}
