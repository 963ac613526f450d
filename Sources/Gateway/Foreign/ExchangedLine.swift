import AuthorizationServer
import Configuration
import Cryptography
import OAuth
import ResourceServer

/// For whom, and with what, a server's tokens for its upstream are got.
struct ExchangedLine: Sendable {
    let exchange: TokenExchange
    /// Whether the caller's own token is the provider's, and so is what is exchanged.
    private let takesCallersToken: Bool
    private let issuer: String
    private let key: SigningKey
    private let keyID: String

    init(
        _ server: ServerOptions, _ options: TokenExchangeOptions, publicURL: String, keys: OwnKeys,
        issuers: ForeignIssuers
    ) {
        exchange = issuers.exchange(
            TokenExchange.Settings(
                server: server.name, options: options, identityKeyID: keys.identity.currentID))
        takesCallersToken = !server.showsIdentity
        issuer = publicURL
        key = keys.identity.current
        keyID = keys.identity.currentID
    }

    /// Whether the provider is shown identity tokens.
    var showsIdentity: Bool { !takesCallersToken }

    /// For whom the token of a request is.
    func key(for request: borrowing AuthorizedRequest) -> ExchangedTokens.Key {
        ExchangedTokens.key(for: request.token, ofToken: takesCallersToken)
    }

    /// What is exchanged for the token of a request.
    func subject(of request: borrowing AuthorizedRequest) -> TokenExchange.Subject {
        if takesCallersToken, let token = BearerToken(of: request.head).bytes {
            return .token(SecretBytes(Array(token)))
        }
        return .identity(issuer: issuer, key: key, keyID: keyID)
    }
}
