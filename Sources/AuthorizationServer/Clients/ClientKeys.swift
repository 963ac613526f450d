import Cryptography
package import HTTP
package import JOSE

/// Where the keys are that check what a client signs (RFC 7591 §2, `jwks` and `jwks_uri`).
package enum ClientKeys: Sendable, Equatable {
    /// The keys themselves.
    case set(JSONWebKeySet)
    /// The document that has them; fetched under the same address policy as every other.
    case url(AbsoluteURI)

    /// Two are equal where they have the same keys in the same order, or the same place.
    package static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.set(let left), .set(let right)):
            left.keys.elementsEqual(right.keys) {
                $0.id.utf8.elementsEqual($1.id.utf8) && $0.algorithm == $1.algorithm
                    && $0.key.components == $1.key.components
            }
        case (.url(let left), .url(let right)): left == right
        case (.set, .url), (.url, .set): false
        }
    }
}
