import Cryptography
package import HTTP
package import JOSE

/// Where the keys are that check what a client signs (RFC 7591 §2, `jwks` and `jwks_uri`).
package enum ClientKeys: Sendable, Equatable {
    /// The keys themselves.
    case set(JSONWebKeySet)
    /// The document that has them; fetched under the same address policy as every other.
    case url(AbsoluteURI)

    /// The keys of a JWK set.
    ///
    /// Nil for anything that is no set of public keys of which at least one can be used.
    init?(set text: [UInt8]) {
        // Who shows a private key has lost it.
        guard let set = try? JSONWebKeySet(parsing: text), !set.keys.isEmpty,
            !set.ignored.contains(where: { $0.reason == .privateMember })
        else { return nil }
        self = .set(set)
    }

    /// Two are equal where they have the same keys in the same order, or the same place.
    package static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.set(let left), .set(let right)): left.verifiesAs(right)
        case (.url(let left), .url(let right)): left == right
        case (.set, .url), (.url, .set): false
        }
    }
}
