/// Why what a URL names is no document of a client.
enum ClientDocumentViolation: Error, Sendable, Equatable, CaseIterable {
    /// The status is not 200; redirects are not followed.
    case status
    /// The content is not JSON by its type.
    case contentType
    /// It is larger than any document may be.
    case tooLarge
    /// It is not one JSON object.
    case notAnObject
    /// Its `client_id` is not the URL that it was got at.
    case otherClient
    /// It has a secret, or a method that needs one.
    case secret
    /// It has no name for people.
    case nameMissing
    /// It has no redirect URI that may be one, or too many.
    case redirectURIs
    /// It says of no method that we have that the client can authenticate by it.
    case method
    /// It would sign, and has no keys.
    case keysMissing
    /// Its keys cannot be used, are private, or are given twice.
    case keys
    /// Its `dpop_bound_access_tokens` is neither true nor false.
    case boundTokens

    /// The violation in words, for the log.
    var reason: String {
        switch self {
        case .status: "the answer is not 200"
        case .contentType: "the content is not application/json"
        case .tooLarge: "it is larger than \(ClientDocument.sizeLimit) bytes"
        case .notAnObject: "it is not one JSON object"
        case .otherClient: "its client_id is not its URL"
        case .secret: "it has a secret or a method that needs one"
        case .nameMissing: "it has no client_name"
        case .redirectURIs: "its redirect_uris are missing or unusable"
        case .method: "it has no authentication method that is served here"
        case .keysMissing: "it signs and has no keys"
        case .keys: "its jwks or jwks_uri cannot be used"
        case .boundTokens: "its dpop_bound_access_tokens is not true or false"
        }
    }
}
