package import HTTP

/// Which web origins may talk to a server: DNS rebinding and foreign pages end here.
///
/// Source: MCP 2026-07-28 basic/transports/streamable-http, security warning; Fetch §3.3.
package struct OriginRule: Sendable {
    /// What the rule says about a request.
    package enum Verdict: Sendable, Equatable {
        /// The request has no Origin: it does not come from a page.
        case absent
        /// The origin may talk to the server; these are its bytes, to be echoed.
        case allowed(ArraySlice<UInt8>)
        /// Any other origin, `null`, or several.
        case foreign
    }

    /// The origin of `public_url`.
    package let publicOrigin: Origin
    /// The origins of `allowed_origins`.
    package let allowedOrigins: Set<Origin>

    /// A rule.
    package init(publicOrigin: Origin, allowedOrigins: Set<Origin>) {
        self.publicOrigin = publicOrigin
        self.allowedOrigins = allowedOrigins
    }

    /// The verdict on a request with these fields.
    package func verdict(on fields: Fields) -> Verdict {
        guard fields.has(.origin) else { return .absent }
        guard fields.hasOne(.origin), let bytes = fields.bytes(of: .origin),
            let origin = try? Origin(parsing: bytes)
        else {
            return .foreign
        }
        let isAllowed =
            origin == publicOrigin || allowedOrigins.contains(origin)
            || (origin.isLoopback && publicOrigin.isLoopback)
        return isAllowed ? .allowed(bytes) : .foreign
    }
}
