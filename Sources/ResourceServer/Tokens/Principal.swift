/// Who acts: a subject of an issuer through a client.
///
/// The same name from two issuers is two people.
package struct Principal: Hashable, Sendable {
    /// `iss` of the token.
    package let issuer: String
    /// `sub` of the token.
    package let subject: String
    /// `client_id` of the token.
    package let clientID: String

    /// A principal.
    package init(issuer: String, subject: String, clientID: String) {
        self.issuer = issuer
        self.subject = subject
        self.clientID = clientID
    }

    /// The three texts as bytes from which they can be told apart: each after its length.
    package var bytes: [UInt8] {
        LengthPrefixed.encode([issuer, subject, clientID])
    }

    /// Whether both are the same, byte for byte.
    package static func == (left: Principal, right: Principal) -> Bool {
        left.issuer.utf8.elementsEqual(right.issuer.utf8)
            && left.subject.utf8.elementsEqual(right.subject.utf8)
            && left.clientID.utf8.elementsEqual(right.clientID.utf8)
    }

    /// Feeds what `==` compares.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(bytes)
    }
}

/// Texts or bytes as one run of bytes, each after its length in four bytes, so that no two lists are alike.
enum LengthPrefixed {
    /// The bytes of the texts.
    static func encode(_ texts: [String]) -> [UInt8] { encode(texts.map { Array($0.utf8) }) }

    /// The bytes of the parts.
    static func encode(_ parts: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = []
        for part in parts {
            let count = UInt32(truncatingIfNeeded: part.count)
            for shift in [24, 16, 8, 0] {
                bytes.append(UInt8(truncatingIfNeeded: count >> UInt32(shift)))
            }
            bytes += part
        }
        return bytes
    }

    /// The parts that the bytes were made of; nil for bytes that were made otherwise.
    static func decode(_ bytes: [UInt8]) -> [[UInt8]]? {
        var parts: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard rest.count >= 4 else { return nil }
            let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard rest.count >= count else { return nil }
            parts.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return parts
    }
}
