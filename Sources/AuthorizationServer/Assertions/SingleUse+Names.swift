import Cryptography
import Storage

extension SingleUse {
    /// An assertion by its `iss` and `jti` (RFC 7519 §4.1.7), or something else by such names.
    ///
    /// `expiresAt` is in Unix seconds, with what clocks may differ.
    init(issuer: String, id: String, expiresAt: Int64) {
        // The length keeps the two texts apart.
        let names = "\(issuer.utf8.count):\(issuer)\(id)"
        self.init(digest: sha256(Array(names.utf8)).bytes, expiresAt: expiresAt)
    }
}
