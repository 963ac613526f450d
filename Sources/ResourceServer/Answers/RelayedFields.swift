package import HTTP

/// Which fields of an upstream's answer reach the client.
package enum RelayedFields {
    /// What is never relayed beyond the well-known names that are judged one by one.
    private static let dropped = FoldedNames(
        names: WellKnownNames.all + [
            "set-cookie2", "strict-transport-security", "public-key-pins", "alt-svc",
            "clear-site-data", "refresh", "x-accel-redirect", "x-powered-by",
            "authentication-info", "dpop-nonce",
        ],
        prefixes: ["access-control-", "proxy-", "x-gatehouse-"])

    /// Whether the field of an answer with these fields is relayed.
    ///
    /// Framing, the date, the session id and the fields for pages of other origins are the caller's
    /// to write; challenges and cookies of the upstream never pass.
    package static func isRelayed(_ field: Fields.Field, among fields: Fields) -> Bool {
        let isKept = field.known.map(isRelayed(known:)) ?? !dropped.contains(field.name)
        guard isKept else { return false }
        guard fields.has(.connection) else { return true }
        return !ForwardedFields.isNamedByConnection(field.name, fields)
    }

    private static func isRelayed(known: WellKnownField) -> Bool {
        switch known {
        case .contentType, .contentEncoding, .mcpProtocolVersion, .mcpMethod, .mcpName,
            .lastEventID, .cacheControl, .pragma, .etag, .lastModified, .retryAfter,
            .traceparent, .tracestate, .xRequestID, .xAccelBuffering, .via:
            true
        // Made anew.
        case .contentLength, .transferEncoding, .connection, .mcpSessionID, .date, .server, .vary:
            false
        // Between the gateway and the upstream.
        case .te, .trailer, .upgrade, .keepAlive, .proxyConnection, .proxyAuthorization,
            .proxyAuthenticate, .http2Settings, .wwwAuthenticate, .setCookie, .cookie, .location,
            .accessControlAllowOrigin, .accessControlRequestMethod, .accessControlRequestHeaders,
            .dpop, .authorization, .forwarded, .xForwardedFor, .xForwardedHost, .xForwardedProto,
            .xForwardedURI, .xRealIP, .xOriginalURL, .xRewriteURL:
            false
        // Fields of requests.
        case .host, .origin, .expect, .accept, .acceptEncoding, .acceptLanguage, .userAgent,
            .referer, .ifNoneMatch, .secFetchSite, .secFetchMode, .secFetchDest:
            false
        }
    }
}
