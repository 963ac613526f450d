/// A set of one server's scopes, a bit for each in the order of their definition.
struct ScopeMask: Sendable, Hashable {
    /// The most scopes that one server can have.
    static let capacity = 128

    /// The bits.
    private(set) var bits: UInt128 = 0

    /// No scope.
    static let none = ScopeMask()

    /// Whether no scope is in the set.
    var isEmpty: Bool { bits == 0 }

    /// How many scopes are in the set.
    var count: Int { bits.nonzeroBitCount }

    /// Whether the numbered scope is in the set.
    func contains(_ number: Int) -> Bool { bits & (1 << UInt128(number)) != 0 }

    /// Whether the two sets share a scope.
    func intersects(_ other: ScopeMask) -> Bool { bits & other.bits != 0 }

    /// Adds the numbered scope.
    mutating func insert(_ number: Int) { bits |= 1 << UInt128(number) }

    /// Adds the scopes of the other set.
    mutating func formUnion(_ other: ScopeMask) { bits |= other.bits }

    /// The scopes of both sets.
    func union(_ other: ScopeMask) -> ScopeMask { ScopeMask(bits: bits | other.bits) }

    /// The scopes of this set that are not in the other.
    func subtracting(_ other: ScopeMask) -> ScopeMask { ScopeMask(bits: bits & ~other.bits) }
}
