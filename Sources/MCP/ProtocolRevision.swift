/// A revision of the Model Context Protocol that the gateway understands.
package enum ProtocolRevision: String, Sendable, Hashable, CaseIterable {
    /// The revision of 5 November 2024.
    case v2024_11_05 = "2024-11-05"
    /// The revision of 26 March 2025, assumed where a request names none.
    case v2025_03_26 = "2025-03-26"
    /// The revision of 18 June 2025, the first with `MCP-Protocol-Version`.
    case v2025_06_18 = "2025-06-18"
    /// The revision of 25 November 2025, the last that begins with `initialize`.
    case v2025_11_25 = "2025-11-25"
    /// The revision of 28 July 2026, in which every request stands alone.
    case v2026_07_28 = "2026-07-28"

    /// The revision that is written so, byte for byte; nil for any other text.
    package init?(utf8 text: some Sequence<UInt8>) {
        guard let found = Self.allCases.first(where: { text.elementsEqual($0.rawValue.utf8) })
        else { return nil }
        self = found
    }

    /// Which of the two families of rules the revision belongs to.
    package var era: ProtocolEra {
        switch self {
        case .v2024_11_05, .v2025_03_26, .v2025_06_18, .v2025_11_25: .legacy
        case .v2026_07_28: .modern
        }
    }
}
