package import Cryptography
import Synchronization

/// What is known of the tools of each upstream: one for the process, so that a reload which leaves an
/// upstream alone keeps what is known, and every loop asks through the same.
package final class ToolSchemaCache: Sendable {
    private let upstreams = Mutex<[SHA256Digest: ToolSchemas]>([:])

    /// Nothing is known of any upstream.
    package init() {}

    /// What is known of the upstream that these settings lead to.
    ///
    /// - Parameter settings: the digest of everything on which the list depends, address, path and
    ///   credential: with another credential an upstream may list other tools.
    /// - Returns: the same object for as long as they are served.
    package func schemas(of settings: SHA256Digest) -> ToolSchemas {
        upstreams.withLock { upstreams in
            if let known = upstreams[settings] { return known }
            let schemas = ToolSchemas()
            upstreams[settings] = schemas
            return schemas
        }
    }

    /// Forgets all upstreams but these.
    package func keepOnly(_ settings: Set<SHA256Digest>) {
        upstreams.withLock { upstreams in
            upstreams = upstreams.filter { settings.contains($0.key) }
        }
    }
}
