import HTTP
import HTTPClient
import Synchronization
import Transport

/// The metadata of one provider, fetched when they are needed and kept.
///
/// All who ask while they are being fetched share one request. Where a newer document cannot be had,
/// the last good one is used; a failure is remembered for a while.
final class ProviderMetadataCache: Sendable {
    /// How long a document is used without a look, in milliseconds.
    static let lifetime: UInt64 = 3_600_000
    /// How long the last good one is used while no newer one can be had, in milliseconds.
    static let staleLifetime: UInt64 = 24 * 3_600_000
    /// How long after a failure nothing is fetched, in milliseconds.
    static let pauseAfterFailure: UInt64 = 5000
    /// The largest document, in bytes.
    static let contentLimit = 64 << 10

    private typealias Outcome = Result<ProviderMetadata, ProviderFailure>

    private struct State {
        var known: (metadata: ProviderMetadata, at: UInt64)?
        var failure: (failure: ProviderFailure, at: UInt64)?
        var isFetching = false
        var waiting: [CheckedContinuation<Outcome, Never>] = []
    }

    private let options: ProviderOptions
    private let client: any OutboundClient
    private let clock: @Sendable () -> UInt64
    private let state = Mutex(State())

    /// A cache; `clock` is monotonic, in milliseconds.
    init(
        _ options: ProviderOptions, client: any OutboundClient,
        clock: @escaping @Sendable () -> UInt64 = { Clock.monotonic / 1_000_000 }
    ) {
        self.options = options
        self.client = client
        self.clock = clock
    }

    /// The metadata as they are known.
    ///
    /// - Throws: why there are none.
    func metadata() async throws(ProviderFailure) -> ProviderMetadata {
        switch options.kind {
        case .oauth(let endpoints):
            return ProviderMetadata(endpoints, hasSecret: options.clientSecret != nil)
        case .openID(let issuer):
            if let outcome = known() { return try outcome.get() }
            return try await shared(issuer).get()
        }
    }

    /// What can be said without a request.
    private func known() -> Outcome? {
        let now = clock()
        return state.withLock { state in
            if let known = state.known, now - known.at < Self.lifetime {
                return .success(known.metadata)
            }
            guard let failure = state.failure, now - failure.at < Self.pauseAfterFailure else {
                return nil
            }
            if let known = state.known, now - known.at < Self.staleLifetime {
                return .success(known.metadata)
            }
            return .failure(failure.failure)
        }
    }

    private func shared(_ issuer: String) async -> Outcome {
        let isFirst = state.withLock { state in
            defer { state.isFetching = true }
            return !state.isFetching
        }
        if isFirst {
            let outcome = keep(await fetch(issuer))
            let waiting = state.withLock { state in
                defer { (state.isFetching, state.waiting) = (false, []) }
                return state.waiting
            }
            for continuation in waiting { continuation.resume(returning: outcome) }
            return outcome
        }
        return await withCheckedContinuation { continuation in
            let isLate = state.withLock { state in
                if state.isFetching { state.waiting.append(continuation) }
                return !state.isFetching
            }
            // What was waited for has come meanwhile.
            if isLate {
                continuation.resume(
                    returning: known()
                        ?? .failure(
                            ProviderFailure(.discovery, .unavailable, "there was no answer")))
            }
        }
    }

    /// Notes what came; the last good one goes on where nothing better came.
    private func keep(_ outcome: Outcome) -> Outcome {
        let now = clock()
        return state.withLock { state in
            switch outcome {
            case .success(let metadata):
                state.known = (metadata, now)
                state.failure = nil
            case .failure(let failure):
                state.failure = (failure, now)
                if let known = state.known, now - known.at < Self.staleLifetime {
                    return .success(known.metadata)
                }
            }
            return outcome
        }
    }

    private func fetch(_ issuer: String) async -> Outcome {
        // OpenID Connect Discovery §4 — a slash at the end is taken away before.
        let base = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
        guard let url = try? AbsoluteURI(parsing: base + "/.well-known/openid-configuration") else {
            return .failure(ProviderFailure(.discovery, .unavailable, "the issuer is no URL"))
        }
        do throws(OutboundFailure) {
            let response = try await client.send(.get(url, contentLimit: Self.contentLimit))
            guard response.status == 200 else {
                return .failure(
                    ProviderFailure(.discovery, .unavailable, "the status is \(response.status)"))
            }
            return Self.read(response.content, issuer, hasSecret: options.clientSecret != nil)
        } catch {
            return .failure(ProviderFailure(.discovery, error))
        }
    }

    private static func read(_ bytes: [UInt8], _ issuer: String, hasSecret: Bool) -> Outcome {
        do throws(ProviderMetadata.Violation) {
            return .success(try ProviderMetadata(parsing: bytes, of: issuer, hasSecret: hasSecret))
        } catch {
            return .failure(ProviderFailure(.discovery, .unavailable, "\(error)"))
        }
    }
}
