import Cryptography
import HTTP
import JOSE
import OAuth

/// What a client says of itself, as a digest: who agreed to one has not agreed to another.
///
/// Name, redirect URIs whatever their order, method, and keys or their place.
enum ClientRevision {
    /// The digest, 32 bytes.
    static func digest(
        name: String, redirectURIs: [RedirectURI], method: ClientAuthenticationMethod,
        keys: ClientKeys?
    ) -> [UInt8] {
        var texts = ["client revision 1", name, method.rawValue]
        switch keys {
        case nil: texts.append("none")
        case .url(let url): texts += ["url", url.description]
        case .set(let set):
            texts.append("set")
            texts += set.keys.flatMap {
                [$0.id, $0.algorithm.rawValue, $0.key.components.thumbprint]
            }
        }
        texts.append("redirect_uris")
        texts += redirectURIs.map(\.text).sorted()
        // Each with its length, so that no two lists are the same bytes.
        let bytes = texts.flatMap { text in
            Array("\(text.utf8.count):".utf8) + Array(text.utf8)
        }
        return sha256(bytes).bytes
    }
}
