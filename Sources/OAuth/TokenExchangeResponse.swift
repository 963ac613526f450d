package import Cryptography
import JSON

/// A provider's answer to a token exchange (RFC 8693 §2.2.1), of which nothing is taken on trust: the
/// token goes into a field.
package struct TokenExchangeResponse: Sendable {
    /// The longest token that is taken, in bytes.
    package static let maximumTokenLength = 16 << 10

    /// The token, a `b64token` (RFC 6750 §2.1).
    package let accessToken: SecretBytes
    /// How long it is good, in seconds; nil where the answer does not say.
    package let expiresIn: Int64?

    /// Reads the content of an answer with status 200.
    ///
    /// - Throws: why it holds no bearer token.
    package init(parsing content: [UInt8]) throws(TokenExchangeViolation) {
        guard let document = try? JSONDocument(parsing: content), document.root.kind == .object
        else { throw .notAnObject }
        let root = document.root
        guard let token = root["access_token"]?.stringBytes, Self.isToken(token) else {
            throw .noToken
        }
        guard let type = root["token_type"]?.string, type.lowercased() == "bearer" else {
            throw .otherTokenType
        }
        let kinds = ["access_token", "jwt"].map { "urn:ietf:params:oauth:token-type:\($0)" }
        guard let kind = root["issued_token_type"]?.string, kinds.contains(kind) else {
            throw .otherKindOfToken
        }
        expiresIn = try Self.lifetime(root)
        accessToken = SecretBytes(token)
    }

    private static func lifetime(_ root: JSONValue) throws(TokenExchangeViolation) -> Int64? {
        guard let value = root["expires_in"] else { return nil }
        guard let seconds = value.integer, seconds > 0 else { throw .malformedLifetime }
        return seconds
    }

    private static func isToken(_ bytes: [UInt8]) -> Bool {
        guard (1...maximumTokenLength).contains(bytes.count) else { return false }
        let field = Array("Bearer ".utf8) + bytes
        guard case .present(let token) = BearerToken.parse(field[...]) else { return false }
        return token.count == bytes.count
    }
}

/// Why a provider's answer holds no token that can be shown to an upstream.
package enum TokenExchangeViolation: Error, Sendable, Equatable {
    /// It is not a JSON object.
    case notAnObject
    /// `access_token` is missing, or no bearer token by its grammar.
    case noToken
    /// `token_type` is not `Bearer`.
    case otherTokenType
    /// `issued_token_type` is not that of an access token (RFC 8693 §3).
    case otherKindOfToken
    /// `expires_in` is not a number of seconds.
    case malformedLifetime
}
