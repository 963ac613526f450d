import AuthorizationServer
import Configuration
import Cryptography
import HTTP
import ResourceServer

/// How a server's requests get the line with the gateway's own credential.
enum UpstreamCredentialLine: Sendable {
    /// There is none.
    case none
    /// The same with every request.
    case fixed(CredentialField, line: [UInt8])
    /// A token that says who acts.
    case identity(CredentialField, IdentityTokenIssuer)
    /// A token that a provider gives for who acts.
    case exchanged(CredentialField, ExchangedLine)

    init(
        _ server: ServerOptions, of configuration: GatewayConfiguration, keys: OwnKeys,
        issuers: ForeignIssuers
    ) {
        let bearer = CredentialField(name: "Authorization", scheme: "Bearer")
        switch server.upstream.credential {
        case .none: self = .none
        case .bearer(let secret): self = .fixed(bearer, line: bearer.line(secret.bytes))
        case .header(let name, let secret):
            let field = CredentialField(name: name)
            self = .fixed(field, line: field.line(secret.bytes))
        case .identity(let audience, let header):
            let issuer = IdentityTokenIssuer(
                issuer: configuration.publicURL.description, audience: audience,
                key: keys.identity.current, keyID: keys.identity.currentID)
            self = .identity(header.map { CredentialField(name: $0) } ?? bearer, issuer)
        case .exchange(let options):
            let line = ExchangedLine(
                server, options, publicURL: configuration.publicURL.description, keys: keys,
                issuers: issuers)
            self = .exchanged(options.header.map { CredentialField(name: $0) } ?? bearer, line)
        }
    }

    /// The line with what the gateway asks on its own account; empty where only a caller's identity
    /// would be shown, since then nobody acts.
    var ownLine: [UInt8] {
        switch self {
        case .none, .identity, .exchanged: []
        case .fixed(_, let line): line
        }
    }

    /// The field that carries it; nil for none.
    var field: CredentialField? {
        switch self {
        case .none: nil
        case .fixed(let field, _), .identity(let field, _), .exchanged(let field, _): field
        }
    }

    /// What gives tokens for callers; nil for another kind of credential.
    var exchange: TokenExchange? {
        switch self {
        case .none, .fixed, .identity: nil
        case .exchanged(_, let line): line.exchange
        }
    }

    /// Whether somebody is shown identity tokens, and so needs the keys that check them.
    var showsIdentity: Bool {
        switch self {
        case .none, .fixed: false
        case .identity: true
        case .exchanged(_, let line): line.showsIdentity
        }
    }

    /// The line for a request, its CRLF included; empty for none.
    ///
    /// `tokens` are the loop's; `now` is in Unix seconds.
    func line(
        for request: borrowing AuthorizedRequest, from tokens: IdentityTokenCache, at now: Int64
    ) throws(IdentityTokenFailure) -> [UInt8] {
        switch self {
        case .none: return []
        case .fixed(_, let line): return line
        case .identity(let field, let issuer):
            let token = try tokens.token(
                for: request.token, at: request.server, from: issuer, now: now)
            return field.line(token.text.bytes)
        // Its line is made where it is waited for; whoever comes here without one shows nothing.
        case .exchanged: throw .accessTokenEnded
        }
    }
}
