import Cryptography
package import HTTP

/// How a request to the token or revocation endpoint says which client it is from (RFC 6749 §2.3).
package struct ClientCredentials: Sendable, Equatable, CustomStringConvertible {
    /// One way to read who the client is; describing it never shows the secret.
    package struct Reading: Sendable, Equatable, CustomStringConvertible {
        /// The client id.
        package let clientID: String
        /// The secret, which may be empty; nil for none.
        package let secret: String?

        package var description: String { clientID }
    }

    /// The method that was used.
    package let method: ClientAuthenticationMethod
    /// How it can be read; more than one for HTTP Basic, which clients write with and without
    /// percent-encoding.
    package let readings: [Reading]

    package var description: String { "\(method.rawValue) \(readings)" }

    private init(_ method: ClientAuthenticationMethod, _ readings: [Reading]) {
        self.method = method
        self.readings = readings
    }

    /// Reads field and form.
    ///
    /// - Throws: `invalid_client` where nothing tells the client, `invalid_request` for two ways at
    ///   once (RFC 6749 §2.3).
    package init(_ fields: Fields, _ form: FormParameters) throws(OAuthError) {
        guard try form.one("client_assertion") == nil,
            try form.one("client_assertion_type") == nil
        else { throw OAuthError(.invalidClient, "Client assertions are not supported") }
        let bodyID = try form.one("client_id")
        let bodySecret = try form.one("client_secret")
        guard fields.count(of: FieldName(.authorization)) > 0 else {
            guard let bodyID else {
                throw OAuthError(.invalidClient, "The request names no client (client_id)")
            }
            self.init(
                bodySecret == nil ? .none : .clientSecretPost,
                [Reading(clientID: bodyID, secret: bodySecret)])
            return
        }
        guard bodySecret == nil else {
            throw OAuthError(.invalidRequest, "The client authenticates in two ways at once")
        }
        let readings = try Self.basic(fields)
        if let bodyID, !readings.contains(where: { $0.clientID == bodyID }) {
            throw OAuthError(.invalidRequest, "The request names two clients")
        }
        self.init(.clientSecretBasic, readings)
    }

    /// RFC 7617 §2, and RFC 6749 §2.3.1 for the percent-encoding that half of the clients leave out.
    private static func basic(_ fields: Fields) throws(OAuthError) -> [Reading] {
        let malformed = OAuthError(.invalidClient, "The Authorization field is not HTTP Basic")
        guard fields.count(of: FieldName(.authorization)) == 1,
            let value = fields.bytes(of: FieldName(.authorization)),
            value.count > 6, value.count <= maximumLength,
            String(decoding: value.prefix(6), as: UTF8.self).lowercased() == "basic ",
            let decoded = Base64.decode(value.dropFirst(6)),
            let colon = decoded.firstIndex(of: UInt8(ascii: ":"))
        else { throw malformed }
        let (id, secret) = (decoded[..<colon], decoded[(colon + 1)...])
        var readings: [Reading] = []
        for plusIsSpace in [true, nil] as [Bool?] {
            let pair = [id, secret].compactMap { part -> String? in
                guard let plusIsSpace else { return String(validating: part, as: UTF8.self) }
                return PercentEncoding.decode(part, plusIsSpace: plusIsSpace)
                    .flatMap { String(validating: $0, as: UTF8.self) }
            }
            guard pair.count == 2, !pair[0].isEmpty else { continue }
            let reading = Reading(clientID: pair[0], secret: pair[1])
            if !readings.contains(reading) { readings.append(reading) }
        }
        guard !readings.isEmpty else { throw malformed }
        return readings
    }

    /// The longest Authorization field that is read, in bytes.
    private static let maximumLength = 8192
}

/// The other alphabet of RFC 4648 §4, which HTTP Basic has.
private enum Base64 {
    static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var letters = text
        while letters.last == UInt8(ascii: "=") { letters = letters.dropLast() }
        guard text.count - letters.count <= 2 else { return nil }
        let swapped = letters.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            case UInt8(ascii: "-"), UInt8(ascii: "_"): 0
            default: byte
            }
        }
        return Base64URL.decode(swapped)
    }
}
