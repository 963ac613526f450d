/// The field names that the gateway treats specially or meets in nearly every message.
///
/// At most 63 of them: `Fields` keeps a bit for each in one word.
package enum WellKnownField: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    // The ones whose repetition the decoders refuse, and the ones that frame a message.
    case host, contentLength, transferEncoding, authorization, contentType, origin, expect
    case contentEncoding, connection
    // MCP's own.
    case mcpSessionID, mcpProtocolVersion, mcpMethod, mcpName, lastEventID
    // Between neighbours only, or between a client and the gateway only.
    case te, trailer, upgrade, keepAlive, proxyConnection, proxyAuthorization, proxyAuthenticate
    case http2Settings, forwarded, via, cookie, setCookie, dpop
    case xForwardedFor, xForwardedHost, xForwardedProto, xForwardedURI, xRealIP
    case xOriginalURL, xRewriteURL
    // Met often.
    case accept, acceptEncoding, acceptLanguage, userAgent, cacheControl, pragma, referer, date
    case server, location, vary, etag, lastModified, ifNoneMatch, retryAfter, wwwAuthenticate
    case secFetchSite, secFetchMode, secFetchDest
    case accessControlRequestMethod, accessControlRequestHeaders, accessControlAllowOrigin
    case traceparent, tracestate, xRequestID, xAccelBuffering

    /// The name in lower case.
    package var spelling: StaticString {
        switch self {
        case .host: "host"
        case .contentLength: "content-length"
        case .transferEncoding: "transfer-encoding"
        case .authorization: "authorization"
        case .contentType: "content-type"
        case .origin: "origin"
        case .expect: "expect"
        case .contentEncoding: "content-encoding"
        case .connection: "connection"
        case .mcpSessionID: "mcp-session-id"
        case .mcpProtocolVersion: "mcp-protocol-version"
        case .mcpMethod: "mcp-method"
        case .mcpName: "mcp-name"
        case .lastEventID: "last-event-id"
        case .te: "te"
        case .trailer: "trailer"
        case .upgrade: "upgrade"
        case .keepAlive: "keep-alive"
        case .proxyConnection: "proxy-connection"
        case .proxyAuthorization: "proxy-authorization"
        case .proxyAuthenticate: "proxy-authenticate"
        case .http2Settings: "http2-settings"
        case .forwarded: "forwarded"
        case .via: "via"
        case .cookie: "cookie"
        case .setCookie: "set-cookie"
        case .dpop: "dpop"
        case .xForwardedFor: "x-forwarded-for"
        case .xForwardedHost: "x-forwarded-host"
        case .xForwardedProto: "x-forwarded-proto"
        case .xForwardedURI: "x-forwarded-uri"
        case .xRealIP: "x-real-ip"
        case .xOriginalURL: "x-original-url"
        case .xRewriteURL: "x-rewrite-url"
        case .accept: "accept"
        case .acceptEncoding: "accept-encoding"
        case .acceptLanguage: "accept-language"
        case .userAgent: "user-agent"
        case .cacheControl: "cache-control"
        case .pragma: "pragma"
        case .referer: "referer"
        case .date: "date"
        case .server: "server"
        case .location: "location"
        case .vary: "vary"
        case .etag: "etag"
        case .lastModified: "last-modified"
        case .ifNoneMatch: "if-none-match"
        case .retryAfter: "retry-after"
        case .wwwAuthenticate: "www-authenticate"
        case .secFetchSite: "sec-fetch-site"
        case .secFetchMode: "sec-fetch-mode"
        case .secFetchDest: "sec-fetch-dest"
        case .accessControlRequestMethod: "access-control-request-method"
        case .accessControlRequestHeaders: "access-control-request-headers"
        case .accessControlAllowOrigin: "access-control-allow-origin"
        case .traceparent: "traceparent"
        case .tracestate: "tracestate"
        case .xRequestID: "x-request-id"
        case .xAccelBuffering: "x-accel-buffering"
        }
    }

    /// The bit of this name in a word.
    var bit: UInt64 { 1 << UInt64(rawValue) }
}
