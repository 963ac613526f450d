/// Times as commands print them.
enum UTCTime {
    /// `2026-07-28T12:34:56.000Z` for Unix seconds.
    static func text(_ seconds: Int64) -> String {
        var bytes: [UInt8] = []
        var timestamp = LogTimestamp()
        timestamp.append(timeMilliseconds: seconds * 1000, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
