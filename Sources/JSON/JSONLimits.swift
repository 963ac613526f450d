/// What a JSON text may cost: each size that a peer chooses is bounded here.
package struct JSONLimits: Sendable, Equatable {
    /// How many arrays and objects may be open at once.
    package var depth: Int

    /// How many members an object, or elements an array, may have.
    package var members: Int

    /// How long the name of a member may be, in bytes of UTF-8 after unescaping.
    package var nameLength: Int

    /// The usual limits, but for what is named.
    package init(depth: Int = 64, members: Int = 10_000, nameLength: Int = 256) {
        self.depth = depth
        self.members = members
        self.nameLength = nameLength
    }
}
