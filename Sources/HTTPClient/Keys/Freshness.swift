import HTTP

/// How long an answer may be used without asking again.
///
/// Source: RFC 9111 §4.2, as a private cache; `Expires` alone says nothing here.
enum Freshness {
    /// Seconds that remain by Cache-Control and Age; nil where they do not say.
    static func lifetime(_ fields: Fields) -> Int? {
        var lifetime: Int?
        var mustAsk = false
        fields.forEachListMember(of: "Cache-Control") { member in
            let text = String(decoding: member, as: UTF8.self).lowercased()
            if text == "no-store" || text == "no-cache" || text.hasPrefix("no-cache=") {
                mustAsk = true
            }
            guard text.hasPrefix("max-age=") else { return }
            // RFC 9111 §4.2.1: of several, or of one that is no number, the answer is stale.
            let value = seconds(text.dropFirst("max-age=".count).trimmingQuotes) ?? 0
            lifetime = min(lifetime ?? value, value)
        }
        if mustAsk { return 0 }
        guard let lifetime else { return nil }
        let age = fields["Age"].flatMap { seconds($0[...]) } ?? 0
        return max(0, lifetime - age)
    }

    /// RFC 9111 §1.2.2: what is too large counts as 2^31.
    private static func seconds(_ digits: Substring) -> Int? {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return min(Int(digits) ?? .max, 1 << 31)
    }
}

extension Substring {
    fileprivate var trimmingQuotes: Substring {
        count >= 2 && hasPrefix("\"") && hasSuffix("\"") ? dropFirst().dropLast() : self
    }
}
