import HTTP
import OAuth

/// The form of a client at the token or revocation endpoint, and who the client says it is.
struct ClientForm: Sendable {
    /// The most bytes of a form: a code, a verifier or token, and a secret fit many times.
    static let bodyLimit = 16 * 1024

    /// The parameters.
    let parameters: FormParameters
    /// Who the client says it is.
    let credentials: ClientCredentials

    /// Reads a request; the query of its target does not count (RFC 6749 §2.3.1).
    ///
    /// - Throws: `invalid_request` or `invalid_client`.
    init(_ request: EndpointRequest) throws(OAuthError) {
        let fields = request.head.fields
        // RFC 6749 §3.2 and appendix B, RFC 7009 §2.1
        guard fields.count(of: .contentType) == 1, let type = fields.bytes(of: .contentType),
            MediaType.essence(of: type, is: "application/x-www-form-urlencoded")
        else {
            throw OAuthError(
                .invalidRequest, "The content type is not application/x-www-form-urlencoded")
        }
        guard request.body.count <= Self.bodyLimit else {
            throw OAuthError(.invalidRequest, "The form is too large")
        }
        do {
            parameters = try FormParameters(parsing: request.body[...])
        } catch {
            throw OAuthError(
                .invalidRequest, "The form cannot be read", reason: error.description)
        }
        credentials = try ClientCredentials(fields, parameters)
    }

    /// Whether a request authenticates, or tries to, by the Authorization field.
    static func usesBasic(_ request: EndpointRequest) -> Bool {
        request.head.fields.count(of: FieldName(.authorization)) > 0
    }
}
