import Configuration
import Cryptography
import HTTP
import HTTPClient
import JOSE
import Logging
import OAuth
import ResourceServer
import Transport

/// Another authorization server that has to be asked for something before its tokens can be judged.
///
/// One for the process: a reload that leaves it alone keeps what is known of it.
final class ForeignIssuer: Sendable {
    /// How tokens are judged.
    enum Judging: Sendable {
        /// With the issuer's keys.
        case keys(FetchedKeys, from: any KeySetSource)
        /// By asking about each.
        case introspection(TokenIntrospection, IntrospectionOptions, IssuerDiscovery)
    }

    /// The issuer, byte for byte.
    let issuer: String
    let judging: Judging

    private let client: any OutboundClient
    private let turns = FetchTurns()
    private let logger: Logger

    init(_ issuer: String, judging: Judging, client: any OutboundClient, logger: Logger) {
        self.issuer = issuer
        self.judging = judging
        self.client = client
        self.logger = logger
    }

    /// The keys, where tokens are judged with them.
    var keys: FetchedKeys? {
        switch judging {
        case .keys(let keys, _): keys
        case .introspection: nil
        }
    }

    /// What the issuer says of tokens, where each is asked about.
    var introspection: TokenIntrospection? {
        switch judging {
        case .keys: nil
        case .introspection(let introspection, _, _): introspection
        }
    }

    /// Gets what somebody waits for; whoever waits is woken, whatever comes of it.
    func fetch(_ need: UnjudgedToken.Need) async {
        switch need {
        case .keys(_, let id): await fetchKeys(for: id)
        case .introspection(_, let token): await introspect(token)
        }
    }

    /// Gets the keys; who calls was told to.
    func fetchKeys(for id: String?) async {
        guard case .keys(let keys, let source) = judging else { return }
        do throws(OutboundFailure) {
            let set = try await source.keys(for: id)
            if !keys.isKnown {
                logger.info(
                    "the keys of an issuer were fetched",
                    metadata: ["issuer": "\(issuer)", "keys": "\(set.keys.count)"])
            }
            keys.finish(set)
        } catch {
            logger.warning(
                "the keys of an issuer could not be fetched",
                metadata: ["issuer": "\(issuer)", "cause": "\(error)"])
            keys.finish(nil)
        }
    }

    private func introspect(_ token: UnreadToken) async {
        guard case .introspection(let introspection, let options, let discovery) = judging else {
            return
        }
        var content: [UInt8]?
        do throws(OutboundFailure) {
            content = try await turns.take { () async throws(OutboundFailure) -> [UInt8] in
                try await answer(about: token, options, discovery)
            }
        } catch {
            logger.warning(
                "an issuer could not be asked about a token",
                metadata: ["issuer": "\(issuer)", "cause": "\(error)"])
        }
        introspection.finish(token.digest, content, at: Int64(Clock.wall / 1_000_000_000))
    }

    /// RFC 7662 §2.1, §2.2.
    private func answer(
        about token: UnreadToken, _ options: IntrospectionOptions, _ discovery: IssuerDiscovery
    ) async throws(OutboundFailure) -> [UInt8] {
        var endpoint = options.endpoint
        if endpoint == nil { endpoint = try await discovery.metadata().introspectionEndpoint }
        guard let endpoint else {
            await discovery.forget()
            throw OutboundFailure(.malformed, "the metadata name no introspection_endpoint")
        }
        let text = String(decoding: token.text.bytes, as: UTF8.self)
        let form = PercentEncoding.encode(
            form: [("token", text), ("token_type_hint", "access_token")])
        let response = try await client.send(
            .post(
                endpoint, form: Array(form.utf8),
                fields: [
                    OutboundRequest.Field(
                        "Authorization",
                        ClientSecretBasic.value(
                            clientID: options.clientID, secret: options.clientSecret.bytes))
                ]))
        guard response.status == 200, response.isJSON else {
            throw OutboundFailure(.malformed, "\(endpoint): status \(response.status), or no JSON")
        }
        return response.content
    }
}

extension OutboundResponse {
    /// Whether the content says that it is JSON.
    var isJSON: Bool {
        guard fields.count(of: .contentType) == 1, let type = fields.bytes(of: .contentType) else {
            return false
        }
        return MediaType.essence(of: type, is: "application/json")
    }
}
