import HTTP

/// What redirect URIs may hold behind their scheme or host.
enum URIPath {
    /// Whether the bytes may follow the `:` of a private-use scheme (RFC 8252 §7.1): a hier-part and
    /// perhaps a query (RFC 3986 §3), as `/callback`, `//host/callback`, `callback`.
    static func isHierarchicalPart(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        if rest.starts(with: [0x2F, 0x2F]) {
            rest = rest.dropFirst(2)
            let end = rest.firstIndex { [0x2F, 0x3F].contains($0) } ?? rest.endIndex
            // No user information, no encoding, no brackets: hosts here are names if anything.
            guard rest[..<end].allSatisfy({ $0.isUnreserved || $0 == UInt8(ascii: ":") }) else {
                return false
            }
            if end > rest.startIndex, end == rest.endIndex { return true }
            rest = rest[end...]
        }
        guard let first = rest.first, first != UInt8(ascii: "?") else { return false }
        return isPathAndQuery(rest)
    }

    /// Whether another reader may find the path to be a different one, or to hold control bytes,
    /// once it removes dot segments (RFC 3986 §5.2.4) and decodes.
    static func isAmbiguous(_ path: ArraySlice<UInt8>) -> Bool {
        guard let decoded = PercentEncoding.decode(path, plusIsSpace: false) else { return true }
        if decoded.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return true }
        return decoded.split { [0x2F, 0x5C].contains($0) }.contains {
            $0.elementsEqual([0x2E]) || $0.elementsEqual([0x2E, 0x2E])
        }
    }

    // RFC 3986 §3.3 and §3.4 — *( pchar / "/" ) [ "?" *( pchar / "/" / "?" ) ]
    private static func isPathAndQuery(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard PercentEncoding.decode(bytes, plusIsSpace: false) != nil else { return false }
        let others = Array("%!$&'()*+,;=:@/?".utf8)
        return bytes.allSatisfy { $0.isUnreserved || others.contains($0) }
    }
}
