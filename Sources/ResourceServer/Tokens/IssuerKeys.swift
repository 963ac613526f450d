package import JOSE
import Synchronization

/// The keys with which one issuer signs, replaced as a whole when they change.
///
/// Verified tokens are remembered together with the generation, so that replacing the keys forgets
/// them at once. The lock is taken only when a token is verified, never when it is remembered.
package final class IssuerKeys: Sendable {
    private static let lastGeneration = Atomic<UInt64>(0)

    private struct State {
        var keys: JSONWebKeySet
        var generation: UInt64
    }

    private let state: Mutex<State>
    private let current: Atomic<UInt64>

    /// The number of the present keys, unlike that of any other keys of this process.
    package var generation: UInt64 { current.load(ordering: .acquiring) }

    /// Keys to begin with.
    package init(_ keys: JSONWebKeySet) {
        let generation = Self.nextGeneration()
        state = Mutex(State(keys: keys, generation: generation))
        current = Atomic(generation)
    }

    /// Takes other keys from now on.
    package func replace(with keys: JSONWebKeySet) {
        let generation = Self.nextGeneration()
        state.withLock { state in
            state = State(keys: keys, generation: generation)
            current.store(generation, ordering: .releasing)
        }
    }

    /// The present keys and their generation.
    func snapshot() -> (keys: JSONWebKeySet, generation: UInt64) {
        state.withLock { ($0.keys, $0.generation) }
    }

    private static func nextGeneration() -> UInt64 {
        lastGeneration.add(1, ordering: .relaxed).newValue
    }
}
