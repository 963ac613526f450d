import MCP
import OAuth
import ResourceServer
import Storage
import Synchronization

/// What observe mode has let pass since it was last written down.
///
/// One for the process, behind a lock that only observed requests take. Bounded: when it is full,
/// requests unlike those in it are counted by the metrics alone.
final class ObservationLedger: Sendable {
    /// The most kinds of requests between two writings.
    static let capacity = 10_000
    /// The longest target that is kept, in bytes.
    private static let targetLimit = 256

    private let records = Mutex<[ObservationRecord.Key: ObservationRecord]>([:])

    /// An empty ledger.
    init() {}

    /// Counts a request that was forwarded though the ruling was another, at `now` in Unix seconds.
    func count(
        _ request: borrowing AuthorizedRequest, at now: Int64
    ) {
        let ruling = request.ruling
        let target = (request.target.name ?? []).prefix(Self.targetLimit)
        let key = ObservationRecord.Key(
            server: request.server.name, subject: request.token.subject,
            client: request.token.clientID, method: request.method?.name ?? "",
            target: String(decoding: target, as: UTF8.self), decision: "\(ruling.kind.label)",
            neededScope: ruling.neededScope?.text ?? "")
        add([
            ObservationRecord(
                key: key, rule: ruling.rule?.pattern ?? "", count: 1, firstAt: now, lastAt: now)
        ])
    }

    /// Everything that was counted, which then is the caller's to keep.
    func take() -> [ObservationRecord] {
        records.withLock { records in
            defer { records = [:] }
            return Array(records.values)
        }
    }

    /// Adds records, also such as could not be written.
    func add(_ added: [ObservationRecord]) {
        records.withLock { records in
            for record in added {
                guard var known = records[record.key] else {
                    if records.count < Self.capacity { records[record.key] = record }
                    continue
                }
                known.count += record.count
                known.rule = record.rule
                known.firstAt = min(known.firstAt, record.firstAt)
                known.lastAt = max(known.lastAt, record.lastAt)
                records[record.key] = known
            }
        }
    }

    /// Writes what was counted to the store; what cannot be written stays.
    ///
    /// - Throws: why it could not be written.
    func flush(to store: any Store) async throws {
        let taken = take()
        guard !taken.isEmpty else { return }
        do {
            try await store.add(taken)
        } catch {
            add(taken)
            throw error
        }
    }
}
