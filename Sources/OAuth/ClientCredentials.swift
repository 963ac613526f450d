package import Cryptography
package import HTTP

/// How a request to the token or revocation endpoint says which client it is from (RFC 6749 §2.3).
package struct ClientCredentials: Sendable, CustomStringConvertible {
    /// One way to read who the client is; describing it never shows the secret.
    package struct Reading: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
        /// The client id.
        package let clientID: String
        /// The secret, which may be empty; nil for none.
        package let secret: String?

        package var description: String { clientID }
        package var customMirror: Mirror { Mirror(self, children: ["clientID": clientID]) }
    }

    /// The method that was used.
    package let method: ClientAuthenticationMethod
    /// How it can be read; more than one for HTTP Basic, which clients write with and without
    /// percent-encoding; perhaps none where an assertion tells the client.
    package let readings: [Reading]
    /// What the client signed (RFC 7521 §4.2); nil for every other method.
    package let assertion: SecretBytes?

    /// The one `client_assertion_type` (RFC 7523 §2.2).
    package static let assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    package var description: String { "\(method.rawValue) \(readings)" }

    private init(
        _ method: ClientAuthenticationMethod, _ readings: [Reading], assertion: SecretBytes? = nil
    ) {
        self.method = method
        self.readings = readings
        self.assertion = assertion
    }

    /// Reads field and form.
    ///
    /// - Throws: `invalid_client` where nothing tells the client, `invalid_request` for two ways at
    ///   once (RFC 6749 §2.3).
    package init(_ fields: Fields, _ form: FormParameters) throws(OAuthError) {
        let bodyID = try form.one("client_id")
        let bodySecret = try form.one("client_secret")
        let assertionType = try form.one("client_assertion_type")
        let assertion = try form.one("client_assertion") ?? assertionType
        let hasField = fields.contains(.authorization)
        guard [hasField, bodySecret != nil, assertion != nil].count(where: { $0 }) <= 1 else {
            throw OAuthError(.invalidRequest, "The client authenticates in two ways at once")
        }
        if assertion != nil {
            try self.init(assertionIn: form, clientID: bodyID)
        } else if hasField {
            var readings = try Self.basic(fields)
            readings.removeAll { bodyID != nil && $0.clientID != bodyID }
            guard !readings.isEmpty else {
                throw OAuthError(.invalidRequest, "The request names two clients")
            }
            self.init(.clientSecretBasic, readings)
        } else {
            guard let bodyID else {
                throw OAuthError(.invalidClient, "The request names no client (client_id)")
            }
            self.init(
                bodySecret == nil ? .none : .clientSecretPost,
                [Reading(clientID: bodyID, secret: bodySecret)])
        }
        guard readings.allSatisfy({ Self.isClientID($0.clientID) }) else {
            throw OAuthError(.invalidClient, "The client_id is malformed")
        }
    }

    /// RFC 7521 §4.2 — the `client_id` may be left out, since the assertion names the client.
    private init(assertionIn form: FormParameters, clientID: String?) throws(OAuthError) {
        // RFC 7521 §4.2.1
        guard try form.one("client_assertion_type") == Self.assertionType else {
            throw OAuthError(
                .invalidClient, "The client_assertion_type must be \(Self.assertionType)")
        }
        guard let text = try form.one("client_assertion") else {
            throw OAuthError(.invalidClient, "The client_assertion is missing")
        }
        self.init(
            .privateKeyJWT, clientID.map { [Reading(clientID: $0, secret: nil)] } ?? [],
            assertion: SecretBytes(Array(text.utf8)))
    }

    // RFC 6749, appendix A.1 — client-id = *VSCHAR
    private static func isClientID(_ text: String) -> Bool {
        text.utf8.count <= AuthorizationRequest.maximumClientIDLength
            && text.utf8.allSatisfy(\.isVisible)
    }

    /// RFC 7617 §2, and RFC 6749 §2.3.1 for the percent-encoding that half of the clients leave out.
    private static func basic(_ fields: Fields) throws(OAuthError) -> [Reading] {
        guard fields.count(of: .authorization) == 1,
            let value = fields.bytes(of: .authorization), value.count <= maximumLength,
            let space = value.firstIndex(of: 0x20), value[..<space].equalsIgnoringCase("basic"),
            let pair = base64(value[space...].drop { $0 == 0x20 }),
            !pair.contains(where: { $0 < 0x20 || $0 == 0x7F }),
            let colon = pair.firstIndex(of: UInt8(ascii: ":")), colon > 0
        else { throw OAuthError(.invalidClient, "The Authorization field is not HTTP Basic") }
        let (id, secret) = (pair[..<colon], pair[(colon + 1)...])
        var readings: [Reading] = []
        for isEncoded in [true, false] {
            guard let id = text(id, isEncoded: isEncoded),
                let secret = text(secret, isEncoded: isEncoded)
            else { continue }
            let reading = Reading(clientID: id, secret: secret)
            if !readings.contains(reading) { readings.append(reading) }
        }
        guard !readings.isEmpty else {
            throw OAuthError(.invalidClient, "The Authorization field is not UTF-8")
        }
        return readings
    }

    private static func text(_ bytes: ArraySlice<UInt8>, isEncoded: Bool) -> String? {
        guard isEncoded else { return String(validating: bytes, as: UTF8.self) }
        return PercentEncoding.decode(bytes, plusIsSpace: true)
            .flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// The longest Authorization field that is read, in bytes.
    private static let maximumLength = 8192

    /// What base64 with padding spells (RFC 4648 §4), in its one canonical spelling.
    private static func base64(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0, !text.contains(where: { [0x2D, 0x5F].contains($0) }) else {
            return nil
        }
        var letters = text
        while letters.last == UInt8(ascii: "="), text.count - letters.count < 2 {
            letters = letters.dropLast()
        }
        return Base64URL.decode(
            letters.map { byte -> UInt8 in
                switch byte {
                case UInt8(ascii: "+"): UInt8(ascii: "-")
                case UInt8(ascii: "/"): UInt8(ascii: "_")
                default: byte
                }
            })
    }
}
