/// Something that may be used once, such as an assertion: who made it, and how it is told from the
/// maker's others.
package struct SingleUse: Sendable, Equatable {
    /// SHA-256 of issuer and id: what the store keeps.
    package let digest: [UInt8]
    /// Until when it would be accepted again, in Unix seconds; so long its use is remembered.
    package let expiresAt: Int64

    /// Something by its digest.
    package init(digest: [UInt8], expiresAt: Int64) {
        self.digest = digest
        self.expiresAt = expiresAt
    }
}

/// What became of a grant that was to be written.
package enum GrantRecording: Sendable, Equatable {
    /// It is written.
    case recorded
    /// What it came of was used before, in this process or another one.
    case reused
    /// The client was revoked.
    case revoked
}
