import HTTP
import MCP

/// Which fields of a request reach the upstream, and which are made anew.
///
/// Fields that carry identity, routing or framing are never copied (RFC 9110 §7.6.1). A name that a
/// careless reader takes for one of them is dropped with them.
package enum ForwardedFields {
    /// What is never forwarded beyond the well-known names that are judged one by one.
    ///
    /// A well-known name that was not recognised is one in another spelling, so all of them are here too.
    private static let dropped = FoldedNames(
        names: WellKnownNames.all + [
            // Who and where, as other proxies say it.
            "x-forwarded", "x-client-ip", "x-cluster-client-ip", "true-client-ip", "client-ip",
            "x-real-host", "x-host", "x-user", "x-remote-user", "remote-user", "remote-addr",
            "x-authenticated-user", "x-auth-request-user", "cookie2", "x-wap-profile",
            "x-envoy-original-path", "x-accel-redirect", "x-sendfile",
            // What would change the method, or the answer into one that cannot be judged.
            "x-http-method-override", "x-http-method", "x-method-override", "range", "if-range",
            "if-match", "if-modified-since", "if-unmodified-since",
            // Framing.
            "content-range", "content-location",
        ],
        prefixes: [
            "x-gatehouse-", "x-forwarded-", "proxy-", "access-control-", "sec-fetch-",
            "x-original-", "x-rewrite-",
        ])

    /// The fields that repeat arguments, in any spelling.
    ///
    /// Of 2026-07-28 they are forwarded, recognised or not; in another spelling only a careless
    /// reader takes them for what was compared. Earlier revisions do not have them and nothing
    /// compares them there, so a request of these could say anything to whoever believes them.
    private static let mirrored = FoldedNames(
        names: [], prefixes: [ParameterFields.lowercasePrefix.description])

    /// Adds the field lines for the upstream to the bytes of a head.
    ///
    /// First what is forwarded, then what is made here. Host, the framing of the content and the
    /// gateway's own credential are the caller's; nothing is forwarded under the credential's name.
    package static func append(
        of request: borrowing AuthorizedRequest, without credential: CredentialField?,
        to bytes: inout [UInt8]
    ) {
        let hasConnectionOptions = request.head.fields.has(.connection)
        let namesTask = request.task != nil
        let isModern = request.revision.era == .modern
        request.head.fields.appendLines(to: &bytes) { field in
            isForwarded(field, isModern: isModern, namesTask: namesTask)
                && !(credential?.isNamed(field.name) ?? false)
                && !(hasConnectionOptions && isNamedByConnection(field.name, request.head.fields))
        }
        appendAccept(request, to: &bytes)
        bytes.append(
            request.body.isEmpty
                ? "Accept-Encoding: identity\r\n"
                : "Accept-Encoding: identity\r\nContent-Type: application/json\r\n")
        if let session = request.sessionID {
            bytes.append("Mcp-Session-Id: ")
            bytes += session
            bytes.append("\r\n")
        }
        if let id = request.lastEventID {
            bytes.append("Last-Event-ID: ")
            bytes += id
            bytes.append("\r\n")
        }
        // It named the task as the client knows it, as the body did.
        if let task = request.task, request.head.fields.has(.mcpName) {
            bytes.append("Mcp-Name: ")
            bytes += HeaderText.encode(task.id)
            bytes.append("\r\n")
        }
        bytes += request.token.identityFieldLines
    }

    /// Whether a field is copied.
    static func isForwarded(
        _ field: Fields.Field, isModern: Bool, namesTask: Bool = false
    ) -> Bool {
        guard let known = field.known else {
            guard mirrored.contains(field.name) else { return !dropped.contains(field.name) }
            return isModern && ParameterFields.isNamePlain(field.name)
        }
        switch known {
        case .mcpProtocolVersion, .mcpMethod: return true
        case .mcpName: return !namesTask
        case .via, .acceptLanguage, .userAgent, .cacheControl, .pragma, .date, .traceparent,
            .tracestate, .xRequestID, .xAccelBuffering:
            return true
        // Made anew.
        case .host, .contentLength, .transferEncoding, .contentType, .accept, .acceptEncoding,
            .mcpSessionID, .lastEventID:
            return false
        // Between the client and the gateway.
        case .authorization, .origin, .expect, .contentEncoding, .connection, .te, .trailer,
            .upgrade, .keepAlive, .proxyConnection, .proxyAuthorization, .proxyAuthenticate,
            .http2Settings, .forwarded, .cookie, .setCookie, .dpop, .xForwardedFor,
            .xForwardedHost, .xForwardedProto, .xForwardedURI, .xRealIP, .xOriginalURL,
            .xRewriteURL, .referer, .secFetchSite, .secFetchMode, .secFetchDest,
            .accessControlRequestMethod, .accessControlRequestHeaders,
            .accessControlAllowOrigin, .ifNoneMatch:
            return false
        // Fields of answers.
        case .server, .location, .vary, .etag, .lastModified, .retryAfter, .wwwAuthenticate:
            return false
        }
    }

    /// Whether `Connection` names the field (RFC 9110 §7.6.1).
    static func isNamedByConnection(_ name: ArraySlice<UInt8>, _ fields: Fields) -> Bool {
        var isNamed = false
        fields.forEachListMember(of: .connection) { option in
            isNamed =
                isNamed
                || (option.count == name.count
                    && zip(option, name).allSatisfy { Self.lowercased($0) == Self.lowercased($1) })
        }
        return isNamed
    }

    /// `Accept` as the client sent it; what every server takes where it sent none or a wildcard.
    ///
    /// Servers refuse a request that does not name both types, and clients that are content with
    /// anything do not name them.
    private static func appendAccept(
        _ request: borrowing AuthorizedRequest, to bytes: inout [UInt8]
    ) {
        let isCopied = request.head.fields.withOnly(.accept) { value in
            if value.holds(UInt8(ascii: "*")) { return false }
            bytes.appendField("Accept", value)
            return true
        }
        if isCopied { return }
        if request.kind == .stream {
            bytes.append("Accept: text/event-stream\r\n")
        } else {
            bytes.append("Accept: application/json, text/event-stream\r\n")
        }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}

/// The well-known names as text.
enum WellKnownNames {
    static let all = WellKnownField.allCases.map { "\($0.spelling)" }
}
