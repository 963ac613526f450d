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
    package init?(utf8 text: ArraySlice<UInt8>) {
        let text = text.span
        guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-") else {
            return nil
        }
        // A date as one number.
        var date = 0
        for index in text.indices where index != 4 && index != 7 {
            let digit = text[index] &- 0x30
            guard digit < 10 else { return nil }
            date = date &* 10 &+ Int(digit)
        }
        switch date {
        case 2024_11_05: self = .v2024_11_05
        case 2025_03_26: self = .v2025_03_26
        case 2025_06_18: self = .v2025_06_18
        case 2025_11_25: self = .v2025_11_25
        case 2026_07_28: self = .v2026_07_28
        default: return nil
        }
    }

    /// Which of the two families of rules the revision belongs to.
    package var era: ProtocolEra {
        switch self {
        case .v2024_11_05, .v2025_03_26, .v2025_06_18, .v2025_11_25: .legacy
        case .v2026_07_28: .modern
        }
    }
}
