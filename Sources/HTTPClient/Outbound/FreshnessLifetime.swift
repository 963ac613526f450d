package import HTTP

/// How long an answer is good for by its fields, as for a private cache, within bounds of our own.
///
/// Source: RFC 9111 §4.2; `Expires` alone says nothing here.
package enum FreshnessLifetime {
    /// The least, in seconds, whatever the fields say: nothing is fetched for every request.
    package static let minimum: Int64 = 60
    /// The most, in seconds: for so long may what was withdrawn still be believed.
    package static let maximum: Int64 = 24 * 3600
    /// Where the fields do not say, in seconds.
    package static let unstated: Int64 = 600

    /// The lifetime in seconds.
    package static func seconds(_ fields: Fields) -> Int64 {
        var lifetime: Int64?
        var mustAsk = false
        fields.forEachListMember(of: FieldName(.cacheControl)) { directive in
            let words = String(decoding: directive, as: UTF8.self)
                .split(separator: "=", maxSplits: 1)
                .map { $0.filter { $0 != " " && $0 != "\t" && $0 != "\"" }.lowercased() }
            switch words.first {
            case "no-store", "no-cache": mustAsk = true
            // RFC 9111 §4.2.1 — of several the shortest counts, and what is no number is stale.
            case "max-age": lifetime = min(lifetime ?? .max, seconds(words.last) ?? 0)
            case .some, nil: break
            }
        }
        if mustAsk { return minimum }
        guard let lifetime else { return unstated }
        // RFC 9111 §4.2.3 — so long it lay in a cache on the way.
        let age = fields.values(of: "Age").first.flatMap { seconds($0) } ?? 0
        return min(max(lifetime - age, minimum), maximum)
    }

    /// RFC 9111 §1.2.2 — a number that is too large counts as the largest.
    private static func seconds(_ text: String?) -> Int64? {
        guard let text, !text.isEmpty, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else {
            return nil
        }
        return min(Int64(text) ?? .max, Int64(UInt32.max))
    }
}
