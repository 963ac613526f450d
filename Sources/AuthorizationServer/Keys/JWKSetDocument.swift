import Cryptography
package import JOSE
import JSON

/// A JWK set by which others verify our tokens (RFC 7517 §5): access tokens at `/jwks` (RFC 8414 §2
/// `jwks_uri`), identity tokens at `/identity-jwks`.
package enum JWKSetDocument {
    /// The text of the set; the type of a key has no private half, so none can be written.
    package static func bytes(_ set: JSONWebKeySet) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("keys")
        writer.beginArray()
        for key in set.keys {
            writer.beginObject()
            key.key.components.writeRequiredMembers(to: &writer)
            writer.name("alg")
            writer.string(key.algorithm.rawValue)
            writer.name("use")
            writer.string("sig")
            writer.name("kid")
            writer.string(key.id)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}
