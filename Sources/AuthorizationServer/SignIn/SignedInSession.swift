/// What the seal of a session holds.
struct SignedInSession: Equatable {
    var source: String
    /// The name at that source; of a provider's user our own `sub`, which names the row.
    var name: String
    /// What of the user must not have changed meanwhile.
    var mark: String
    /// When the user signed in, in Unix seconds.
    var since: Int64

    /// The form of the bytes; another one does not open.
    private static let version = "1"

    init(source: String, name: String, mark: String, since: Int64) {
        self.source = source
        self.name = name
        self.mark = mark
        self.since = since
    }

    /// NUL is in none of the parts.
    var bytes: [UInt8] {
        Array([Self.version, source, name, mark, String(since)].joined(separator: "\u{0}").utf8)
    }

    init?(_ bytes: [UInt8]) {
        let parts = String(decoding: bytes, as: UTF8.self)
            .split(separator: "\u{0}", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, parts[0] == Self.version, let since = Int64(parts[4]),
            (0...(1 << 40)).contains(since)
        else { return nil }
        self.init(source: parts[1], name: parts[2], mark: parts[3], since: since)
    }
}
