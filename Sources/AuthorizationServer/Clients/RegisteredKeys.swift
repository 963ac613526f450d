import HTTP
import JOSE
import OAuth

/// The keys of a client that registered itself, with the text that they were read from.
struct RegisteredKeys: Sendable, Equatable {
    /// The text: a JWK set or a URL.
    let text: [UInt8]
    /// The keys, or their place.
    let keys: ClientKeys

    /// The keys of a JWK set.
    ///
    /// Nil for anything that is no set of public keys of which at least one can be used.
    init?(set text: [UInt8]) {
        // Who sends a private key has lost it.
        guard let set = try? JSONWebKeySet(parsing: text), !set.keys.isEmpty,
            !set.ignored.contains(where: { $0.reason == .privateMember })
        else { return nil }
        self.text = text
        keys = .set(set)
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
