/// What a JSON text may cost: each size that a peer chooses is bounded here.
package struct JSONLimits: Sendable, Equatable {
    /// How many arrays and objects may be open at once.
    package var depth = 64

    /// How many members an object, or elements an array, may have.
    package var members = 10_000

    /// How long the name of a member may be, in bytes of UTF-8 after unescaping.
    package var nameLength = 256

    /// The limits that hold where nothing else is configured.
    package init() {}

    /// Limits that differ from the usual ones in what is named.
    package init(depth: Int = 64, members: Int = 10_000, nameLength: Int = 256) {
        self.depth = depth
        self.members = members
        self.nameLength = nameLength
    }
}
