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

/// Texts as one run of bytes, each after its length in four bytes, so that no two lists are alike.
enum LengthPrefixed {
    /// The bytes of the texts.
    static func encode(_ texts: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        for text in texts {
            let count = UInt32(truncatingIfNeeded: text.utf8.count)
            for shift in [24, 16, 8, 0] {
                bytes.append(UInt8(truncatingIfNeeded: count >> UInt32(shift)))
            }
            bytes += text.utf8
        }
        return bytes
    }
}
