extension WellKnownField {
    /// The well-known name that these bytes spell, in any case; nil when there is none.
    ///
    /// The length and one byte leave a single candidate, which is then compared whole.
    init?(matching name: Span<UInt8>) {
        let found =
            switch name.count {
            case ..<10: Self.shorter(name)
            case ..<14: Self.middling(name)
            default: Self.longer(name)
            }
        guard let candidate = found, name.equalsIgnoringCase(candidate.spelling)
        else { return nil }
        self = candidate
    }

    // One arm per length: the names of that length differ in the byte that is switched on.
    // swift-format-ignore
    private static func shorter(_ name: Span<UInt8>) -> WellKnownField? {
        switch name.count {
        case 2: .te
        case 3: .via
        case 4:
            switch name[2] | 0x20 {
            case UInt8(ascii: "s"): .host
            case UInt8(ascii: "o"): .dpop
            case UInt8(ascii: "t"): .date
            case UInt8(ascii: "r"): .vary
            case UInt8(ascii: "a"): .etag
            default: nil
            }
        case 6:
            switch name[0] | 0x20 {
            case UInt8(ascii: "o"): .origin
            case UInt8(ascii: "e"): .expect
            case UInt8(ascii: "c"): .cookie
            case UInt8(ascii: "a"): .accept
            case UInt8(ascii: "p"): .pragma
            case UInt8(ascii: "s"): .server
            default: nil
            }
        case 7:
            switch name[0] | 0x20 {
            case UInt8(ascii: "t"): .trailer
            case UInt8(ascii: "u"): .upgrade
            case UInt8(ascii: "r"): .referer
            default: nil
            }
        case 8:
            switch name[0] | 0x20 {
            case UInt8(ascii: "m"): .mcpName
            case UInt8(ascii: "l"): .location
            default: nil
            }
        case 9:
            switch name[0] | 0x20 {
            case UInt8(ascii: "f"): .forwarded
            case UInt8(ascii: "x"): .xRealIP
            default: nil
            }
        default: nil
        }
    }

    // swift-format-ignore
    private static func middling(_ name: Span<UInt8>) -> WellKnownField? {
        switch name.count {
        case 10:
            switch name[0] | 0x20 {
            case UInt8(ascii: "c"): .connection
            case UInt8(ascii: "m"): .mcpMethod
            case UInt8(ascii: "k"): .keepAlive
            case UInt8(ascii: "s"): .setCookie
            case UInt8(ascii: "u"): .userAgent
            case UInt8(ascii: "t"): .tracestate
            default: nil
            }
        case 11:
            switch name[0] | 0x20 {
            case UInt8(ascii: "r"): .retryAfter
            case UInt8(ascii: "t"): .traceparent
            default: nil
            }
        case 12:
            switch name[0] | 0x20 {
            case UInt8(ascii: "c"): .contentType
            case UInt8(ascii: "x"): .xRequestID
            default: nil
            }
        case 13:
            switch name[7] | 0x20 {
            case UInt8(ascii: "z"): .authorization
            case UInt8(ascii: "e"): .lastEventID
            case UInt8(ascii: "t"): .xRewriteURL
            case UInt8(ascii: "o"): .cacheControl
            case UInt8(ascii: "d"): .lastModified
            case UInt8(ascii: "-"): .ifNoneMatch
            default: nil
            }
        default: nil
        }
    }

    // swift-format-ignore
    private static func longer(_ name: Span<UInt8>) -> WellKnownField? {
        switch name.count {
        case 14:
            switch name[11] | 0x20 {
            case UInt8(ascii: "g"): .contentLength
            case UInt8(ascii: "-"): .mcpSessionID
            case UInt8(ascii: "n"): .http2Settings
            case UInt8(ascii: "u"): .xOriginalURL
            case UInt8(ascii: "i"): .secFetchSite
            case UInt8(ascii: "o"): .secFetchMode
            case UInt8(ascii: "e"): .secFetchDest
            default: nil
            }
        case 15:
            switch name[12] | 0x20 {
            case UInt8(ascii: "f"): .xForwardedFor
            case UInt8(ascii: "u"): .xForwardedURI
            case UInt8(ascii: "i"): .acceptEncoding
            case UInt8(ascii: "a"): .acceptLanguage
            default: nil
            }
        case 16:
            switch name[0] | 0x20 {
            case UInt8(ascii: "c"): .contentEncoding
            case UInt8(ascii: "p"): .proxyConnection
            case UInt8(ascii: "x"): .xForwardedHost
            case UInt8(ascii: "w"): .wwwAuthenticate
            default: nil
            }
        case 17:
            switch name[3] | 0x20 {
            case UInt8(ascii: "n"): .transferEncoding
            case UInt8(ascii: "o"): .xForwardedProto
            case UInt8(ascii: "c"): .xAccelBuffering
            default: nil
            }
        case 18: .proxyAuthenticate
        case 19: .proxyAuthorization
        case 20: .mcpProtocolVersion
        case 27: .accessControlAllowOrigin
        case 29: .accessControlRequestMethod
        case 30: .accessControlRequestHeaders
        default: nil
        }
    }
}
