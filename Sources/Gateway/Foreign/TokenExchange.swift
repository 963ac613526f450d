import Configuration
import Cryptography
import HTTP
import HTTPClient
import Logging
import OAuth
import ResourceServer
import Transport

/// Gets tokens of an upstream's audience for callers (RFC 8693).
///
/// One for the process and its settings.
final class TokenExchange: Sendable {
    /// What makes two exchanges the same.
    struct Settings: Equatable {
        /// The server whose upstream it is.
        let server: String
        let options: TokenExchangeOptions
        /// The key that signs for callers of our own, so that another key begins anew.
        let identityKeyID: String
    }

    /// For whom a token is got.
    enum Subject: Sendable {
        /// Whoever holds this token of the provider's own.
        case token(SecretBytes)
        /// Whoever holds an access token, as the gateway says it.
        case identity(issuer: String, key: SigningKey, keyID: String)
    }

    let tokens = ExchangedTokens()

    private let options: TokenExchangeOptions
    private let client: any OutboundClient
    private let turns = FetchTurns()
    private let discovery: IssuerDiscovery?
    private let logger: Logger

    init(_ settings: Settings, client: any OutboundClient, logger: Logger) {
        options = settings.options
        self.client = client
        discovery = options.issuer.map { IssuerDiscovery($0, client: client) }
        self.logger = logger
    }

    /// Gets the token of a caller; whoever waits is woken, whatever comes of it.
    func perform(
        _ key: ExchangedTokens.Key, subject: Subject, of access: VerifiedAccessToken,
        at server: ProtectedServer
    ) async {
        do throws(Failure) {
            let response = try await turns.take {
                () async throws(Failure) -> TokenExchangeResponse in
                let endpoint = try await endpoint()
                return try await answer(
                    endpoint, try form(subject, of: access, at: server, endpoint))
            }
            tokens.finish(
                key, with: response, for: access, at: Int64(Clock.wall / 1_000_000_000))
        } catch {
            logger.warning(
                "no token could be got for an upstream",
                metadata: ["server": "\(server.name)", "cause": "\(error.reason)"])
            tokens.finish(
                key,
                with: error.isRefusal ? .refused(error.reason) : .unreachable(error.reason))
        }
    }

    /// Why there is no token; the reason is for the log.
    private struct Failure: Error {
        /// Whether the provider said so.
        let isRefusal: Bool
        let reason: String
    }

    private func endpoint() async throws(Failure) -> AbsoluteURI {
        if let endpoint = options.tokenEndpoint { return endpoint }
        guard let discovery else { throw Failure(isRefusal: true, reason: "no token endpoint") }
        do throws(OutboundFailure) {
            if let endpoint = try await discovery.metadata().tokenEndpoint { return endpoint }
        } catch {
            throw Failure(isRefusal: false, reason: "\(error)")
        }
        await discovery.forget()
        throw Failure(isRefusal: true, reason: "the metadata name no token_endpoint")
    }

    /// RFC 8693 §2.1.
    private func form(
        _ subject: Subject, of access: VerifiedAccessToken, at server: ProtectedServer,
        _ endpoint: AbsoluteURI
    ) throws(Failure) -> [UInt8] {
        let names = "urn:ietf:params:oauth:token-type:"
        let token: SecretBytes
        let kind: String
        switch subject {
        case .token(let text): (token, kind) = (text, "access_token")
        case .identity(let issuer, let key, let keyID):
            let signer = IdentityTokenIssuer(
                issuer: issuer, audience: "\(endpoint)", key: key, keyID: keyID)
            do throws(IdentityTokenFailure) {
                let now = Int64(Clock.wall / 1_000_000_000)
                token = try signer.issue(for: access, at: server, now: now).text
            } catch {
                throw Failure(isRefusal: false, reason: "no identity token: \(error)")
            }
            kind = "jwt"
        }
        var parameters = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            ("subject_token", String(decoding: token.bytes, as: UTF8.self)),
            ("subject_token_type", names + kind),
            ("requested_token_type", names + "access_token"), ("audience", options.audience),
        ]
        if let scope = options.scope { parameters.append(("scope", scope)) }
        return Array(PercentEncoding.encode(form: parameters).utf8)
    }

    private func answer(
        _ endpoint: AbsoluteURI, _ form: [UInt8]
    ) async throws(Failure) -> TokenExchangeResponse {
        let authentication = OutboundRequest.Field(
            "Authorization",
            ClientSecretBasic.value(
                clientID: options.clientID, secret: options.clientSecret.bytes))
        let response: OutboundResponse
        do throws(OutboundFailure) {
            response = try await client.send(.post(endpoint, form: form, fields: [authentication]))
        } catch {
            throw Failure(isRefusal: false, reason: "\(error)")
        }
        guard response.status == 200 else {
            throw Failure(
                isRefusal: response.status < 500, reason: "\(endpoint): status \(response.status)")
        }
        guard response.isJSON else {
            throw Failure(isRefusal: true, reason: "\(endpoint): the answer is not JSON")
        }
        do throws(TokenExchangeViolation) {
            return try TokenExchangeResponse(parsing: response.content)
        } catch {
            throw Failure(isRefusal: true, reason: "\(endpoint): \(error)")
        }
    }
}
