import HTTP
package import HTTPClient
import Synchronization

/// The documents of clients: fetched when they are needed, kept for as long as they are good.
///
/// A document that cannot be had is nowhere taken for an earlier one (fail closed). Each URL is
/// fetched once at a time, whoever asks.
package final class ClientDocuments: Sendable {
    /// How long a failure counts, in seconds.
    ///
    /// The draft (§5.2) would have no failure kept; for the sake of the sites that are named in ids
    /// it is, for as short a time as helps.
    package static let failureLifetime: Int64 = 30
    /// How many documents are kept; the ones that were not used for longest go first.
    package static let documentLimit = 1000
    /// How many failures are kept.
    package static let failureLimit = 1000
    /// How many requests wait for one fetch at most.
    package static let waiterLimit = 256
    /// How long a fetch may take, in milliseconds.
    package static let timeLimit = 5000
    /// Fetches per minute that one network may cause.
    package static let perMinuteOfNetwork = 20
    /// Fetches per minute from one host.
    package static let perMinuteOfHost = 60
    /// Fetches per minute in total.
    package static let perMinute = 600

    private let outbound: any OutboundClient
    private let state = Mutex(State())
    private let networkRates = MinuteRates<ClientNetwork>(
        perMinute: perMinuteOfNetwork, totalPerMinute: perMinute)
    private let hostRates = MinuteRates<String>(
        perMinute: perMinuteOfHost, totalPerMinute: perMinute)

    /// An empty cache over what may be reached.
    package init(outbound: any OutboundClient) { self.outbound = outbound }

    /// Fetches everything again.
    package func forgetAll() {
        state.withLock { state in
            state.entries = [:]
            state.failures = [:]
        }
    }

    private typealias Outcome = Result<ClientDocument, ClientDocumentFailure>
    private typealias Waiter = CheckedContinuation<Outcome, Never>

    private enum Step {
        case known(Outcome)
        case wait
        case fetch
    }

    /// The document at a URL.
    ///
    /// - Parameters:
    ///   - url: the client's id.
    ///   - network: who asks, which is what fetches are counted by; nil for the operator.
    ///   - now: Unix seconds.
    /// - Returns: the document, fetched at most 24 hours ago.
    /// - Throws: why there is none.
    func document(
        at url: ClientDocumentURL, for network: ClientNetwork?, at now: Int64
    ) async throws(ClientDocumentFailure) -> ClientDocument {
        let step = state.withLock { state in
            state.step(url, at: now) { limit(url, network, at: now) }
        }
        let outcome: Outcome
        switch step {
        case .known(let known): outcome = known
        case .wait: outcome = await arrival(of: url)
        case .fetch:
            let fetched = await fetch(url)
            let waiters = state.withLock { $0.end(url, with: fetched, at: now) }
            outcome = fetched.map(\.document)
            for waiter in waiters { waiter.resume(returning: outcome) }
        }
        return try outcome.get()
    }

    /// Counts a fetch; the seconds to wait where there were too many.
    private func limit(
        _ url: ClientDocumentURL, _ network: ClientNetwork?, at now: Int64
    ) -> Int64? {
        guard let network else { return nil }
        let milliseconds = now * 1000
        return networkRates.take(network, atMilliseconds: milliseconds)
            ?? hostRates.take(url.host, atMilliseconds: milliseconds)
    }

    private func arrival(of url: ClientDocumentURL) async -> Outcome {
        await withCheckedContinuation { waiter in
            let outcome = state.withLock { $0.join(waiter, url) }
            if let outcome { waiter.resume(returning: outcome) }
        }
    }

    /// How many failures are remembered.
    var failureCount: Int { state.withLock { $0.failures.count } }

    /// How many requests wait for the fetch of a URL that another one began.
    func waiterCount(of url: ClientDocumentURL) -> Int {
        state.withLock { $0.flights[url]?.count ?? 0 }
    }

    // MARK: - Fetching

    private struct Fetched: Sendable {
        var document: ClientDocument
        var lifetime: Int64
    }

    private func fetch(_ url: ClientDocumentURL) async -> Result<Fetched, ClientDocumentFailure> {
        let response: OutboundResponse
        do {
            response = try await outbound.send(
                .get(
                    url.url, contentLimit: ClientDocument.sizeLimit, timeLimit: Self.timeLimit))
        } catch {
            return .failure(Self.failure(error))
        }
        do throws(ClientDocumentViolation) {
            let document = try Self.document(in: response, at: url)
            let lifetime = FreshnessLifetime.seconds(response.fields)
            return .success(Fetched(document: document, lifetime: lifetime))
        } catch {
            // What a server cannot give at the moment says nothing of the client.
            if error == .status, response.status >= 500 || response.status == 429 {
                return .failure(.unreachable("status \(response.status)"))
            }
            return .failure(.unusable(error.reason))
        }
    }

    private static func document(
        in response: OutboundResponse, at url: ClientDocumentURL
    ) throws(ClientDocumentViolation) -> ClientDocument {
        guard response.status == 200 else { throw .status }
        let fields = response.fields
        guard fields.count(of: .contentType) == 1, let bytes = fields.bytes(of: .contentType),
            let type = MediaType(bytes), type.type == "application",
            type.subtype == "json" || type.subtype.hasSuffix("+json")
        else { throw .contentType }
        return try ClientDocument(parsing: response.content, at: url)
    }

    private static func failure(_ failure: OutboundFailure) -> ClientDocumentFailure {
        switch failure.kind {
        case .forbidden, .tooLarge, .malformed: .unusable(failure.description)
        case .unreachable, .timeout, .overloaded: .unreachable(failure.description)
        }
    }

    // MARK: - What is known

    private struct Entry: Sendable {
        var document: ClientDocument
        var expiresAt: Int64
        var usedAt: UInt64
    }

    private struct State: Sendable {
        var entries: [ClientDocumentURL: Entry] = [:]
        var failures: [ClientDocumentURL: (failure: ClientDocumentFailure, until: Int64)] = [:]
        var flights: [ClientDocumentURL: [Waiter]] = [:]
        var uses: UInt64 = 0

        /// What to do about a URL; a fetch is begun with `fetch`.
        mutating func step(
            _ url: ClientDocumentURL, at now: Int64, _ limit: () -> Int64?
        ) -> Step {
            if flights[url] != nil { return .wait }
            if let failed = failures[url] {
                // A clock that was set back makes nothing last longer.
                if now < failed.until, failed.until - now <= ClientDocuments.failureLifetime {
                    return .known(.failure(failed.failure))
                }
                failures[url] = nil
            }
            if let entry = entries[url] {
                if now < entry.expiresAt, entry.expiresAt - now <= FreshnessLifetime.maximum {
                    uses += 1
                    entries[url]?.usedAt = uses
                    return .known(.success(entry.document))
                }
                // Not counted: it was good, and is fetched once in the least lifetime at most. So
                // nobody can use up the limits of a client that people use.
            } else if let wait = limit() {
                return .known(.failure(.limited(retryAfter: wait)))
            }
            flights[url] = []
            return .fetch
        }

        /// Waits for the fetch of a URL; what came of it, if it has ended meanwhile.
        mutating func join(_ waiter: Waiter, _ url: ClientDocumentURL) -> Outcome? {
            guard let waiters = flights[url] else {
                if let failed = failures[url] { return .failure(failed.failure) }
                if let entry = entries[url] { return .success(entry.document) }
                return .failure(.unreachable("it was forgotten at once"))
            }
            guard waiters.count < ClientDocuments.waiterLimit else {
                return .failure(.unreachable("too many requests wait for it"))
            }
            flights[url]?.append(waiter)
            return nil
        }

        /// Keeps what came of a fetch; who waits for it.
        mutating func end(
            _ url: ClientDocumentURL, with result: Result<Fetched, ClientDocumentFailure>,
            at now: Int64
        ) -> [Waiter] {
            switch result {
            case .success(let fetched):
                makeRoom(at: now)
                uses += 1
                entries[url] = Entry(
                    document: fetched.document, expiresAt: now + fetched.lifetime, usedAt: uses)
            case .failure(let failure):
                if failures.count >= ClientDocuments.failureLimit {
                    failures = failures.filter { now < $0.value.until }
                }
                if failures.count >= ClientDocuments.failureLimit { failures = [:] }
                failures[url] = (failure, now + ClientDocuments.failureLifetime)
            }
            return flights.removeValue(forKey: url) ?? []
        }

        private mutating func makeRoom(at now: Int64) {
            guard entries.count >= ClientDocuments.documentLimit else { return }
            guard let oldest = entries.min(by: { $0.value.usedAt < $1.value.usedAt }) else {
                return
            }
            entries[oldest.key] = nil
        }
    }
}
