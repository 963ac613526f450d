import HTTP
import HTTPClient
import OAuth
import Transport

/// Finds out what an issuer says of itself, once for all who ask.
actor IssuerDiscovery {
    /// How long the metadata are relied on, in nanoseconds.
    static let lifetime: UInt64 = 3_600_000_000_000
    /// How long they are not asked for again after they were not found, in nanoseconds.
    static let failureLifetime: UInt64 = 5_000_000_000

    private enum Outcome {
        case found(IssuerMetadata)
        case failed(OutboundFailure)
    }

    nonisolated let issuer: String
    private let client: any OutboundClient
    private let clock: @Sendable () -> UInt64
    private var last: (outcome: Outcome, until: UInt64)?
    private var isAsking = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(
        _ issuer: String, client: any OutboundClient,
        clock: @escaping @Sendable () -> UInt64 = { Clock.monotonic }
    ) {
        self.issuer = issuer
        self.client = client
        self.clock = clock
    }

    /// The metadata, as they are known or found now.
    func metadata() async throws(OutboundFailure) -> IssuerMetadata {
        if last.map({ clock() >= $0.until }) ?? true { await ask() }
        switch last?.outcome {
        case .found(let metadata): return metadata
        case .failed(let failure): throw failure
        case nil: throw OutboundFailure(.unreachable, "the issuer was not asked")
        }
    }

    /// Forgets what is known: something of it turned out to be wrong.
    func forget() { last = nil }

    private func ask() async {
        guard !isAsking else {
            return await withCheckedContinuation { waiting.append($0) }
        }
        isAsking = true
        do throws(OutboundFailure) {
            last = (.found(try await find()), clock() + Self.lifetime)
        } catch {
            last = (.failed(error), clock() + Self.failureLifetime)
        }
        isAsking = false
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    /// Looks at the issuer's places, one after the other; the first document that is the issuer's
    /// counts.
    private func find() async throws(OutboundFailure) -> IssuerMetadata {
        guard let uri = try? AbsoluteURI(parsing: issuer) else {
            throw OutboundFailure(.malformed, "the issuer is not a URL")
        }
        var reasons: [String] = []
        for place in IssuerMetadata.places(of: uri) {
            let response = try await client.send(.get(place))
            guard response.status == 200 else {
                reasons.append("\(place): status \(response.status)")
                continue
            }
            do throws(IssuerMetadataViolation) {
                return try IssuerMetadata(parsing: response.content, of: issuer)
            } catch {
                reasons.append("\(place): \(error)")
            }
        }
        throw OutboundFailure(.malformed, "no metadata: \(reasons.joined(separator: ", "))")
    }
}
