/// Which clients may be granted a scope: the `clients:` key of a scope.
package enum ClientRequirement: Sendable, Equatable {
    /// Every client, the default.
    case any
    /// Clients that are pre-registered, approved, or identified by a metadata document of a trusted
    /// domain.
    case verified
    /// Only the named ones: `domain:…`, `client:…`.
    case listed([String])
}
