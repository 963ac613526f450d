/// Whose certificates are believed.
package enum TLSTrust: Sendable, Equatable {
    /// The authorities that the system knows.
    case system
    /// The authorities in a text of PEM certificates, and no other.
    case authorities([UInt8])

    /// How long such a text may be, in bytes.
    package static let textLimit = 1 << 20
}
