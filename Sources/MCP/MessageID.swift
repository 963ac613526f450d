/// The id of a request and of its response (JSON-RPC 2.0 §4).
package enum MessageID: Sendable {
    /// A string; two are the same if their UTF-8 is.
    case string(String)
    /// An integer without fraction or exponent.
    case integer(Int64)
    /// `null`, only in an error response of a server.
    case null
}

extension MessageID: Hashable {
    /// Whether both are the same id, byte for byte.
    package static func == (a: MessageID, b: MessageID) -> Bool {
        switch (a, b) {
        case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
        case (.integer(let a), .integer(let b)): a == b
        case (.null, .null): true
        case (.string, _), (.integer, _), (.null, _): false
        }
    }

    /// Feeds what `==` compares.
    package func hash(into hasher: inout Hasher) {
        switch self {
        case .string(let text):
            for byte in text.utf8 { hasher.combine(byte) }
            hasher.combine(0xFF as UInt8)
        case .integer(let number): hasher.combine(number)
        case .null: hasher.combine(false)
        }
    }
}
