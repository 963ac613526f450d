package import MCP
import Synchronization

/// What the gateway knows of one upstream's tools: which arguments are repeated in fields.
///
/// One for the whole process and for all servers with that upstream. It learns from the lists that
/// pass, before they are filtered, and from those that the gateway asks for itself. A list that
/// passed shows what a tool has; that a tool has nothing is believed only of a list that the gateway
/// asked for, since a server may show different callers different tools.
///
/// The hot path reads one atomic; the lock is taken where a tool with such arguments is known, or a
/// request has such fields, and is never held while anything is read or sent.
package final class ToolSchemas: Sendable {
    /// The shortest time that a list is relied on, in nanoseconds, whatever the upstream says: so it
    /// is asked once in that time at the most.
    package static let shortestLifetime: UInt64 = 1_000_000_000
    /// The longest time that a list is relied on, in nanoseconds.
    package static let longestLifetime: UInt64 = 3_600_000_000_000
    /// How long the upstream is not asked again after it gave no list, in nanoseconds.
    package static let failureLifetime: UInt64 = 5_000_000_000
    /// Tools with annotations that are kept at the most.
    package static let toolLimit = 1024
    /// Bytes of annotations that are kept at the most, about.
    package static let sizeLimit = 1 << 20
    /// Requests that wait for one list at the most.
    package static let waiterLimit = 4096

    /// What becomes of a request that needs the list.
    package enum Wait: Sendable, Equatable {
        /// Somebody got it meanwhile.
        case settled
        /// The caller gets it, for all who wait; the number goes back to ``finish(_:of:)``.
        case ask(UInt64)
        /// Somebody gets it already.
        case underWay
        /// Too many wait.
        case refused
    }

    private let state = Mutex(ToolSchemaState())
    /// Whether any tool with annotations is known.
    private let hasAnnotations = Atomic(false)
    private let clock: @Sendable () -> UInt64

    /// Nothing is known yet.
    ///
    /// - Parameter clock: a monotonic clock in nanoseconds.
    package init(clock: @escaping @Sendable () -> UInt64 = ToolSchemas.steadyTime) {
        self.clock = clock
    }

    private static let start = ContinuousClock.now

    /// Nanoseconds since the process first asked.
    package static let steadyTime: @Sendable () -> UInt64 = {
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return UInt64(max(0, seconds)) * 1_000_000_000 + UInt64(max(0, attoseconds)) / 1_000_000_000
    }

    /// What is known of the tool, for a request that has fields which repeat arguments or does not.
    ///
    /// Without them only a tool that is known to have annotations is looked up, since then a field
    /// may be missing.
    package func knowledge(of tool: ArraySlice<UInt8>, hasFields: Bool) -> ToolKnowledge {
        guard hasFields || hasAnnotations.load(ordering: .relaxed) else { return .plain }
        let name = Array(tool)
        let now = clock()
        return state.withLock { $0.knowledge(of: name, hasFields: hasFields, at: now) }
    }

    /// Learns from a page of `tools/list` on its way to a client.
    package func learn(_ tools: AnnotatedTools) {
        let until = clock() + Self.lifetime(tools.timeToLive)
        state.withLock { state in
            _ = state.keep(tools, until: until)
            hasAnnotations.store(state.hasAnnotations, ordering: .relaxed)
        }
    }

    /// Forgets how fresh everything is: the upstream announced a change.
    package func invalidate() {
        state.withLock { $0.invalidate() }
    }

    /// Has `wake` called once the list was got, or could not be; not called for ``Wait/settled`` and
    /// ``Wait/refused``.
    package func wait(
        for tool: ArraySlice<UInt8>, hasFields: Bool, wake: @escaping @Sendable () -> Void
    ) -> Wait {
        let name = Array(tool)
        let now = clock()
        return state.withLock { state in
            guard case .stale = state.knowledge(of: name, hasFields: hasFields, at: now) else {
                return .settled
            }
            guard state.waiters.count < Self.waiterLimit else { return .refused }
            state.waiters.append(wake)
            guard !state.isAsked else { return .underWay }
            state.isAsked = true
            return .ask(state.generation)
        }
    }

    /// Takes the whole list, or why there is none, and wakes all who wait.
    ///
    /// - Parameters:
    ///   - outcome: the tools of all pages.
    ///   - generation: from ``Wait/ask(_:)``; a list that was asked for before a change was announced
    ///     is stale already.
    package func finish(_ outcome: ToolListOutcome, of generation: UInt64) {
        let now = clock()
        let waiters = state.withLock { state in
            state.take(outcome, isOutdated: generation != state.generation, at: now)
            hasAnnotations.store(state.hasAnnotations, ordering: .relaxed)
            state.isAsked = false
            defer { state.waiters = [] }
            return state.waiters
        }
        for wake in waiters { wake() }
    }

    /// How long a list may be relied on, in nanoseconds.
    static func lifetime(_ milliseconds: UInt64) -> UInt64 {
        let longest = longestLifetime / 1_000_000
        return max(shortestLifetime, min(milliseconds, longest) * 1_000_000)
    }
}
