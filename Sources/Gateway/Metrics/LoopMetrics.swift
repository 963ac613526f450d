package import ResourceServer

/// The counters of one event loop: plain integers without a lock, confined to that loop.
///
/// Another thread never reads them; it asks the loop for a ``snapshot()`` and adds the answers up.
package final class LoopMetrics {
    private var figures = MetricsSnapshot()

    /// Counters at zero that know `labels`.
    package init(servers labels: ServerLabels = ServerLabels()) {
        figures.adopt(labels)
    }

    /// Makes room for the servers of a new configuration.
    ///
    /// To be called before requests use their indices. Labels only ever grow.
    package func adopt(_ labels: ServerLabels) {
        figures.adopt(labels)
    }

    /// Counts a request that is over.
    ///
    /// - Parameters:
    ///   - server: The index of its server, or `ServerLabels.none`.
    ///   - outcome: What became of it.
    ///   - status: The status that was sent; 0 if there was none.
    ///   - bytesIn: Bytes of content received.
    ///   - bytesOut: Bytes of content sent.
    ///   - durationMicroseconds: How long it took.
    package func countRequest(
        server: Int, outcome: RequestOutcome, status: Int, bytesIn: Int, bytesOut: Int,
        durationMicroseconds: Int
    ) {
        figures.count(outcome, server: server)
        figures.countResponse(status: status)
        figures.countBytes(in: bytesIn, out: bytesOut)
        figures.observe(durationMicroseconds: durationMicroseconds)
    }

    /// Counts a decision on a request for the server at `server`.
    package func count(_ ruling: Ruling, server: Int) {
        figures.count(ruling, server: server)
    }

    /// Counts a failure of an upstream.
    package func count(_ kind: UpstreamErrorKind) {
        figures.count(kind)
    }

    /// Counts a look into the cache of verified tokens.
    package func countTokenLookup(hit: Bool) {
        figures.countTokenLookup(hit: hit)
    }

    /// One more is open.
    package func increase(_ gauge: LoopGauge) {
        figures.change(gauge, by: 1)
    }

    /// One fewer is open.
    package func decrease(_ gauge: LoopGauge) {
        figures.change(gauge, by: -1)
    }

    /// The figures as they are now; may go to another thread.
    package func snapshot() -> MetricsSnapshot { figures }
}
