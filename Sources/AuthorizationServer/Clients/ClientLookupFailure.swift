package import OAuth
package import Storage

/// Why it cannot be told which client an id names.
package enum ClientLookupFailure: Error, Sendable, Equatable {
    /// The store failed.
    case store(StoreError)
    /// The client is described by a document that is not at hand.
    case document(ClientDocumentFailure)

    /// The client waits for an administrator.
    case pending

    /// The failure in OAuth's words, for a client that authenticates.
    package var oauthError: OAuthError {
        switch self {
        case .store(let failure): ClientDirectory.unavailable(failure)
        case .document(.unusable(let reason)):
            OAuthError(
                .invalidClient, "The client is unknown or has not proven who it is",
                reason: "the client's document cannot be used: \(reason)")
        case .pending:
            OAuthError(
                .unauthorizedClient, "The client waits for the approval of an administrator")
        case .document(let failure):
            OAuthError(
                .temporarilyUnavailable, "The client's metadata document cannot be read now",
                reason: failure.description)
        }
    }
}
