import HTTP
import JSON

/// The answer to a registration (RFC 7591 §3.2.1): what was accepted, under which id; describing it
/// never shows the secret.
package struct ClientRegistration: Sendable, CustomStringConvertible, CustomReflectable {
    /// `client_id`.
    package var clientID: String
    /// `client_secret`; nil for a public client.
    package var secret: String?
    /// `client_id_issued_at`, in Unix seconds.
    package var issuedAt: Int64
    /// When the registration ends, in Unix seconds: `client_secret_expires_at` where there is a
    /// secret.
    package var expiresAt: Int64
    /// What was accepted.
    package var metadata: ClientMetadata
    /// What lets the client manage its registration (RFC 7592 §3); nil where it cannot.
    package var management: Management?

    /// `software_statement` as it was sent, if one was taken (RFC 7591 §3.2.1).
    package var softwareStatement: String?

    /// `registration_access_token` and `registration_client_uri`.
    package struct Management: Sendable {
        /// The token.
        package let accessToken: String
        /// Where it is presented.
        package let uri: String

        /// A token and its place.
        package init(accessToken: String, uri: String) {
            self.accessToken = accessToken
            self.uri = uri
        }
    }

    /// A registration.
    package init(
        clientID: String, secret: String?, issuedAt: Int64, expiresAt: Int64,
        metadata: ClientMetadata
    ) {
        self.clientID = clientID
        self.secret = secret
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.metadata = metadata
    }

    package var description: String { clientID }
    package var customMirror: Mirror { Mirror(self, children: ["clientID": clientID]) }

    /// The object's bytes; no member is null or empty.
    package var body: [UInt8] {
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        writer.name("client_id")
        writer.string(clientID)
        writer.name("client_id_issued_at")
        writer.integer(issuedAt)
        // Clients refuse a secret that comes with `none`.
        if let secret, metadata.authenticationMethod != .none {
            writer.name("client_secret")
            writer.string(secret)
            writer.name("client_secret_expires_at")
            writer.integer(expiresAt)
        }
        let texts: [(StaticString, String)] = [
            ("client_name", metadata.name),
            ("token_endpoint_auth_method", metadata.authenticationMethod.rawValue),
            ("application_type", metadata.applicationType ?? ""), ("scope", metadata.scope.text),
            ("jwks_uri", metadata.keySetURI?.description ?? ""),
            ("software_statement", softwareStatement ?? ""),
            ("registration_access_token", management?.accessToken ?? ""),
            ("registration_client_uri", management?.uri ?? ""),
        ]
        for (name, value) in texts where !value.isEmpty {
            writer.name(name)
            writer.string(value)
        }
        let lists: [(StaticString, [String])] = [
            ("redirect_uris", metadata.redirectURIs.map(\.text)),
            ("grant_types", ["authorization_code", "refresh_token"]),
            ("response_types", ["code"]),
        ]
        for (name, values) in lists {
            writer.name(name)
            writer.beginArray()
            for value in values { writer.string(value) }
            writer.endArray()
        }
        if let keySet = metadata.keySet {
            writer.name("jwks")
            writer.raw(keySet)
        }
        if metadata.bindsTokens {
            writer.name("dpop_bound_access_tokens")
            writer.bool(true)
        }
        writer.endObject()
        return writer.bytes
    }
}
