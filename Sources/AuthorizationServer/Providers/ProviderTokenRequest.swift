import Cryptography
import HTTP
import HTTPClient
import OAuth

/// A request to a provider's token endpoint (RFC 6749 §4.1.3, §6).
enum ProviderTokenRequest {
    /// What is exchanged.
    enum Exchange: Sendable {
        /// A code, with the verifier of its request and where the browser was sent back to.
        case code(String, verifier: String, redirectURI: String)
        /// A refresh token.
        case refresh(SecretBytes)
    }

    /// The request.
    static func request(
        _ exchange: Exchange, of options: ProviderOptions, at metadata: ProviderMetadata
    ) -> OutboundRequest {
        var form: [(String, String)]
        switch exchange {
        case .code(let code, let verifier, let redirectURI):
            form = [
                ("grant_type", "authorization_code"), ("code", code),
                ("redirect_uri", redirectURI), ("code_verifier", verifier),
            ]
        case .refresh(let token):
            form = [
                ("grant_type", "refresh_token"),
                ("refresh_token", String(decoding: token.bytes, as: UTF8.self)),
            ]
        }
        let secret = options.clientSecret?.bytes ?? []
        var fields: [OutboundRequest.Field] = []
        switch metadata.authentication {
        case .basic:
            let value = ClientSecretBasic.value(clientID: options.clientID, secret: secret)
            fields.append(.init("Authorization", value))
        case .post:
            form += [
                ("client_id", options.clientID),
                ("client_secret", String(decoding: secret, as: UTF8.self)),
            ]
        case .none: form.append(("client_id", options.clientID))
        }
        return .post(
            metadata.tokenEndpoint, form: Array(PercentEncoding.encode(form: form).utf8),
            fields: fields)
    }
}
