package import HTTP

/// Which fields of an upstream's answer reach the client.
package enum RelayedFields {
    /// Beginnings of names that are never relayed.
    private static let droppedPrefixes = ["access-control-", "proxy-", "x-gatehouse-"]

    /// Names beyond the well-known ones that are never relayed.
    private static let droppedNames = [
        "set-cookie2", "strict-transport-security", "public-key-pins", "alt-svc",
        "clear-site-data", "refresh", "x-accel-redirect", "x-powered-by", "authentication-info",
    ]

    /// Whether the field of an answer with these fields is relayed.
    ///
    /// Framing, the date, the session id and the fields for pages of other origins are the caller's
    /// to write; challenges and cookies of the upstream never pass.
    package static func isRelayed(_ field: Fields.Field, among fields: Fields) -> Bool {
        let isKept = field.known.map(isRelayed(known:)) ?? isRelayed(unknown: field.name)
        guard isKept else { return false }
        guard fields.contains(.connection) else { return true }
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

    private static func isRelayed(unknown name: ArraySlice<UInt8>) -> Bool {
        if droppedPrefixes.contains(where: { FieldNameFold.hasPrefix(name, $0) }) { return false }
        if droppedNames.contains(where: { FieldNameFold.equal(name, $0) }) { return false }
        return !WellKnownNames.all.contains {
            FieldNameFold.equal(name, $0)
        }
    }
}
