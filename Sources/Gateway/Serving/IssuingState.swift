import AuthorizationServer
import HTTPClient
import Logging
import OAuth
import ResourceServer
import Storage
import Synchronization
import Transport

/// What is remembered while the process runs, whatever the configuration.
///
/// How often clients registered, which documents of clients are good, who failed to sign in, which
/// users a file had, what identity providers say of themselves, who was given which task, what observe
/// mode has let pass, which arguments of an upstream's tools are repeated in fields, and which proofs of
/// keys were shown.
final class IssuingState: Sendable {
    let store: any Store
    let pool: BlockingPool
    let throttle = SignInThrottle()
    let tasks = TaskTable()
    let observations = ObservationLedger()
    let toolSchemas = ToolSchemaCache()
    /// What fetches documents, keys and tokens from elsewhere.
    let outbound = OutboundService()
    /// What clients say of themselves in documents.
    let documents: ClientDocuments
    /// Keys that others publish, where the operator says so.
    let keySets: RemoteKeySets
    /// Keys that clients publish, where they say so.
    let clientKeySets: ClientKeySets
    /// The other authorization servers that have to be asked for something.
    let issuers: ForeignIssuers
    /// The proofs that were shown at the token endpoint, where everybody may, and those of calls.
    let proofs = (tokens: DPoPReplays(), calls: DPoPReplays())

    private struct Place: Hashable {
        let source: String
        let path: String
        let issuer: String
    }

    /// How secrets are kept in the store.
    let atRest: KeysAtRest
    private let logger: Logger
    private let users = Mutex<[Place: LocalUsers]>([:])
    private let providers = Mutex<[Provider]>([])
    private let lastRates = Mutex<(options: RegistrationOptions, rates: RegistrationRates)?>(nil)

    /// `client` asks other issuers in the place of ``outbound``.
    init(
        store: any Store, pool: BlockingPool, logger: Logger, atRest: KeysAtRest,
        asking client: (any OutboundClient)? = nil
    ) {
        self.store = store
        self.atRest = atRest
        documents = ClientDocuments(outbound: outbound)
        let asked: any OutboundClient = if let client { client } else { outbound }
        issuers = ForeignIssuers(client: asked, logger: logger)
        self.pool = pool
        self.logger = logger
        keySets = RemoteKeySets(client: outbound, now: { Clock.monotonic })
        clientKeySets = ClientKeySets(outbound: outbound, now: { Clock.monotonic })
    }

    /// Fetches by what was prepared from now on.
    func adopt(_ prepared: OutboundService.Prepared) {
        // What was fetched by other rules is fetched again.
        guard outbound.adopt(prepared) else { return }
        keySets.forgetAll()
        clientKeySets.forgetAll()
        documents.forgetAll()
        providers.withLock { $0 = [] }
    }

    /// The counts of registrations, which begin anew only when the limits are others.
    func rates(_ options: RegistrationOptions) -> RegistrationRates {
        lastRates.withLock { last in
            if let last, last.options.perMinute == options.perMinute,
                last.options.totalPerMinute == options.totalPerMinute
            {
                return last.rates
            }
            let rates = RegistrationRates(
                perMinute: options.perMinute, totalPerMinute: options.totalPerMinute)
            last = (options, rates)
            return rates
        }
    }

    /// Looks at all users files again before the next answer.
    func expectChangedUsers() {
        for users in users.withLock({ Array($0.values) }) { users.expectChange() }
    }

    /// The providers of a configuration; one that is configured as before goes on with what it has
    /// fetched.
    func providers(_ options: [ProviderOptions]) -> [Provider] {
        let (outbound, keySets) = (outbound, keySets)
        return providers.withLock { known in
            known = options.map { options in
                known.first { $0.options == options }
                    ?? Provider(options, client: outbound) { keySets.set(at: $0) }
            }
            return known
        }
    }

    /// The users of a file, the same object for as long as the process runs; reads the file the first
    /// time, which blocks.
    func users(source: String, path: String, issuer: String) -> LocalUsers {
        let logger = logger
        return users.withLock { users in
            let place = Place(source: source, path: path, issuer: issuer)
            if let known = users[place] { return known }
            let made = LocalUsers(source: source, path: path, issuer: issuer, pool: pool) {
                logger.error("users", metadata: ["cause": "\($0)"])
            }
            made.load()
            users[place] = made
            return made
        }
    }
}
