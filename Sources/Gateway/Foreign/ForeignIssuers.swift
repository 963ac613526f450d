import Configuration
import HTTPClient
import JOSE
import Logging
import ResourceServer
import Synchronization

/// The other authorization servers that have to be asked for something, while the process runs.
final class ForeignIssuers: Sendable {
    private struct Known {
        let settings: ForeignIssuerSettings
        let issuer: ForeignIssuer
    }

    private struct KnownExchange {
        let settings: TokenExchange.Settings
        let exchange: TokenExchange
    }

    private struct State {
        var issuers: [Known] = []
        var exchanges: [KnownExchange] = []
    }

    private let client: any OutboundClient
    private let logger: Logger
    private let state = Mutex(State())

    init(client: any OutboundClient, logger: Logger) {
        self.client = client
        self.logger = logger
    }

    /// All of them, in the order in which they became known.
    var all: [ForeignIssuer] { state.withLock { $0.issuers.map(\.issuer) } }

    /// The issuer of a server, the same object for the same settings; nil where nobody has to be
    /// asked for anything.
    func issuer(of server: ServerOptions) throws -> ForeignIssuer? {
        guard case .foreign(let options) = server.tokenSource,
            let settings = ForeignIssuerSettings(options)
        else { return nil }
        return try state.withLock { state in
            if let known = state.issuers.first(where: { $0.settings == settings }) {
                return known.issuer
            }
            let made = try make(settings)
            state.issuers.append(Known(settings: settings, issuer: made))
            return made
        }
    }

    private func make(_ settings: ForeignIssuerSettings) throws -> ForeignIssuer {
        let discovery = IssuerDiscovery(settings.issuer, client: client)
        let judging: ForeignIssuer.Judging
        switch settings.judging {
        case .discovery:
            judging = .keys(
                try FetchedKeys(),
                from: IssuerKeySource(place: .discovered(discovery), client: client))
        case .keys(let uri):
            judging = .keys(
                try FetchedKeys(), from: IssuerKeySource(place: .configured(uri), client: client))
        case .introspection(let options):
            judging = .introspection(
                TokenIntrospection(requiresAudience: options.requiresAudience), options, discovery)
        }
        return ForeignIssuer(settings.issuer, judging: judging, client: client, logger: logger)
    }

    /// What gives tokens for an upstream, the same object for the same settings.
    func exchange(_ settings: TokenExchange.Settings) -> TokenExchange {
        state.withLock { state in
            if let known = state.exchanges.first(where: { $0.settings == settings }) {
                return known.exchange
            }
            let made = TokenExchange(settings, client: client, logger: logger)
            state.exchanges.append(KnownExchange(settings: settings, exchange: made))
            return made
        }
    }

    /// Forgets all that these servers do not need.
    func keepOnly(those servers: [ServedServer]) {
        state.withLock { state in
            state.issuers.removeAll { known in !servers.contains { $0.issuer === known.issuer } }
            state.exchanges.removeAll { known in
                !servers.contains { $0.credential.exchange === known.exchange }
            }
        }
    }

    /// Ends the tokens that were got for these grants.
    func forget(_ grantIDs: Set<String>) {
        for exchange in state.withLock({ $0.exchanges.map(\.exchange) }) {
            exchange.tokens.forget(grantIDs)
        }
    }
}

/// What makes two servers' issuers the same to ask.
struct ForeignIssuerSettings: Equatable {
    let issuer: String
    let judging: ForeignIssuerOptions.Judging.Asking

    /// The settings; nil where the keys are in a file.
    init?(_ options: ForeignIssuerOptions) {
        guard case .asking(let asking) = options.judging else { return nil }
        issuer = options.issuer
        judging = asking
    }
}
