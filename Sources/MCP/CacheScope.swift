import JSON

extension Message {
    /// The bytes of a response with `cacheScope` set to `private`; nil if nothing changes.
    ///
    /// For the answers of 2026-07-28 to `resources/read` and `server/discover`, which depend on who
    /// asks; lists get it from ``ListResult`` (MCP 2026-07-28 server/utilities/caching).
    ///
    /// - Throws: ``ListViolation/nameTwin`` if another member could be taken for it.
    package func withPrivateCacheScope() throws(ListViolation) -> [UInt8]? {
        guard let result else { return nil }
        try resultNames.read(result.place, of: document, twin: .nameTwin) {
            _, _ throws(ListViolation) in
        }
        var edit = JSONEdit(of: document)
        edit.setPrivateCacheScope(of: result)
        return edit.isEmpty ? nil : edit.apply()
    }
}

extension JSONEdit {
    /// Makes `cacheScope` of `result` say `private`, adding it where it is missing.
    mutating func setPrivateCacheScope(of result: JSONValue) {
        if result["cacheScope"]?.isString("private") == true { return }
        set("cacheScope", of: result, to: Array("\"private\"".utf8))
    }
}
