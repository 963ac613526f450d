import HTTP
import OAuth

/// The keys of a client that registered itself, with the text that they were read from.
struct RegisteredKeys: Sendable, Equatable {
    /// The text: a JWK set or a URL.
    let text: [UInt8]
    /// The keys, or their place.
    let keys: ClientKeys

    /// The keys of a JWK set; nil where ``ClientKeys`` takes none of it.
    init?(set text: [UInt8]) {
        guard let keys = ClientKeys(set: text) else { return nil }
        self.text = text
        self.keys = keys
    }

    /// The keys at a place.
    init(uri: AbsoluteURI) {
        text = Array(uri.description.utf8)
        keys = .url(uri)
    }

    /// The keys of a client's metadata; nil if it has none.
    ///
    /// - Throws: `invalid_client_metadata` for keys that cannot be used.
    static func of(_ metadata: ClientMetadata) throws(OAuthError) -> RegisteredKeys? {
        if let uri = metadata.keySetURI { return RegisteredKeys(uri: uri) }
        guard let text = metadata.keySet else { return nil }
        guard let keys = RegisteredKeys(set: text) else {
            throw OAuthError(
                .invalidClientMetadata, "The jwks hold no public key that can be used")
        }
        return keys
    }

    static func == (left: Self, right: Self) -> Bool { left.text == right.text }
}
