import JSON

/// The deviation that `text` is refused for; nil if it is accepted.
func violation(of text: String, limits: JSONLimits = JSONLimits()) -> JSONViolation? {
    violation(of: Array(text.utf8), limits: limits)
}

/// The deviation that `bytes` are refused for; nil if they are accepted.
func violation(of bytes: [UInt8], limits: JSONLimits = JSONLimits()) -> JSONViolation? {
    do {
        _ = try JSONDocument(parsing: bytes, limits: limits)
        return nil
    } catch {
        return error
    }
}

/// The one value of `text`.
func value(_ text: String) throws -> JSONValue {
    try JSONDocument(parsing: Array(text.utf8)).root
}
