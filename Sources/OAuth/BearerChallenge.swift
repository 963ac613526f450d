/// The value of `WWW-Authenticate` that tells a client where to get a token and which scopes to ask
/// for.
///
/// Shape: one challenge, `Bearer` first, each value quoted and not empty, the error last: clients
/// read it with patterns rather than parsers. Source: RFC 6750 §3, RFC 9728 §5.1.
package struct BearerChallenge: Sendable, Equatable {
    /// A registered error of the bearer scheme (RFC 6750 §3.1).
    package enum ErrorCode: String, Sendable, CaseIterable {
        /// The request was malformed; 400.
        case invalidRequest = "invalid_request"
        /// The token is expired, revoked, malformed or meant for someone else; 401.
        case invalidToken = "invalid_token"
        /// The token does not open what was asked for; 403.
        case insufficientScope = "insufficient_scope"

        /// The status of an answer that carries the error.
        package var status: Int {
            switch self {
            case .invalidRequest: 400
            case .invalidToken: 401
            case .insufficientScope: 403
            }
        }
    }

    /// The URL of the protected resource metadata.
    package var resourceMetadata: String
    /// The scopes to ask for; left out when empty.
    package var scope: ScopeSet
    /// What was wrong with the token or the request; nil when no token came (RFC 6750 §3.1).
    package var error: ErrorCode?
    /// The error in words; left out without an error, or when it is empty.
    package var errorDescription: String

    /// A challenge.
    package init(
        resourceMetadata: String, scope: ScopeSet, error: ErrorCode? = nil,
        errorDescription: String = ""
    ) {
        self.resourceMetadata = resourceMetadata
        self.scope = scope
        self.error = error
        self.errorDescription = errorDescription
    }

    /// The field value.
    package var value: String {
        var parts: [String] = []
        Self.append(&parts, "resource_metadata", resourceMetadata)
        Self.append(&parts, "scope", scope.text)
        if let error {
            Self.append(&parts, "error", error.rawValue)
            Self.append(&parts, "error_description", errorDescription)
        }
        return parts.isEmpty ? "Bearer" : "Bearer " + parts.joined(separator: ", ")
    }

    /// Adds `name="text"`, unless no byte of the text may stand in the value.
    private static func append(_ parts: inout [String], _ name: String, _ text: String) {
        // RFC 6750 §3 — values hold %x20-21 / %x23-5B / %x5D-7E; so nothing is ever escaped.
        let bytes = text.utf8.filter { $0 == 0x20 || ScopeToken.isScopeByte($0) }
        guard !bytes.isEmpty else { return }
        parts.append("\(name)=\"\(String(decoding: bytes, as: UTF8.self))\"")
    }
}
