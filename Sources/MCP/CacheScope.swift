extension Message {
    /// The bytes of a response with `cacheScope` set to `private`; nil if nothing changes.
    ///
    /// For answers to `resources/read` and `server/discover`, which depend on who asks
    /// (MCP 2026-07-28 server/utilities/caching).
    package func withPrivateCacheScope() -> [UInt8]? { nil }
}
