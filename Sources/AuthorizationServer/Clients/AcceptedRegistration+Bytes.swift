import HTTP
import OAuth

/// The form in which a registration is sealed or stored.
///
/// Numbers are of variable length, seven bits a byte, the lowest first: version, time of
/// registration, lifetime, method (64 more where tokens are bound to keys), length of the name and
/// the name, count of redirect URIs, and for each the number of its beginning, the length of its
/// rest and the rest.
///
/// Version 2, of clients that have keys or were invited, has more behind that: 1 if it was invited,
/// what the keys are (0 none, 1 a URL, 2 a set), and the length of their text and the text.
extension AcceptedRegistration {
    /// The bytes.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        let isPlain = keys == nil && !isInvited
        Self.append(&bytes, isPlain ? Self.plainVersion : Self.version)
        Self.append(&bytes, UInt64(clamping: issuedAt))
        Self.append(&bytes, UInt64(clamping: expiresAt - issuedAt))
        Self.append(&bytes, Self.number(of: method) | (bindsTokens ? Self.bindingBit : 0))
        Self.append(&bytes, Array(name.utf8))
        Self.append(&bytes, UInt64(redirectURIs.count))
        for uri in redirectURIs {
            let (number, rest) = Self.shortened(uri.text)
            Self.append(&bytes, number)
            Self.append(&bytes, rest)
        }
        guard !isPlain else { return bytes }
        Self.append(&bytes, isInvited ? 1 : 0)
        Self.append(&bytes, keys.map(Self.kind) ?? 0)
        Self.append(&bytes, keys?.text ?? [])
        return bytes
    }

    /// The registration that the bytes spell; nil for anything else, more bytes included.
    init?(bytes: [UInt8]) {
        var reader = Reader(bytes: bytes[...])
        guard let version = reader.number(), [Self.plainVersion, Self.version].contains(version),
            let issued = reader.number(),
            let lifetime = reader.number(), let way = reader.number(),
            let method = Self.method(way & ~Self.bindingBit), let name = reader.text(),
            let count = reader.number(),
            count <= ClientMetadata.maximumRedirectURIs,
            let issuedAt = Int64(exactly: issued), let seconds = Int64(exactly: lifetime)
        else { return nil }
        var uris: [RedirectURI] = []
        for _ in 0..<count {
            guard let number = reader.number(), number < Self.beginnings.count,
                let rest = reader.text(), let uri = RedirectURI(Self.beginnings[Int(number)] + rest)
            else { return nil }
            uris.append(uri)
        }
        var (keys, isInvited): (RegisteredKeys?, Bool) = (nil, false)
        if version == Self.version {
            guard let flag = reader.number(), flag <= 1, let kind = reader.number(),
                let text = reader.text(), let found = Self.keys(kind, text)
            else { return nil }
            (keys, isInvited) = (found, flag == 1)
        }
        // Who has no keys signs nothing.
        guard (method == .privateKeyJWT) == (keys != nil) else { return nil }
        let (expiresAt, overflows) = issuedAt.addingReportingOverflow(seconds)
        guard reader.bytes.isEmpty, !overflows else { return nil }
        self.init(
            name: name, redirectURIs: uris, method: method, keys: keys, isInvited: isInvited,
            issuedAt: issuedAt, expiresAt: expiresAt, bindsTokens: way & Self.bindingBit != 0)
    }

    private static let plainVersion: UInt64 = 1
    private static let version: UInt64 = 2
    /// Stands beside the number of the method.
    private static let bindingBit: UInt64 = 64

    private static func kind(_ keys: RegisteredKeys) -> UInt64 {
        switch keys.keys {
        case .url: 1
        case .set: 2
        }
    }

    /// The keys that kind and text spell, nil for no keys; the outer nil is for nonsense.
    private static func keys(_ kind: UInt64, _ text: String) -> RegisteredKeys?? {
        switch kind {
        case 0: text.isEmpty ? .some(nil) : nil
        case 1: (try? AbsoluteURI(parsing: text)).map { RegisteredKeys(uri: $0) }
        case 2: RegisteredKeys(set: Array(text.utf8)).map { $0 }
        case _: nil
        }
    }

    /// What many redirect URIs begin with, so that ids are short; new ones go to the end, since ids
    /// hold the numbers.
    private static let beginnings = [
        "", "https://", "http://localhost:", "http://127.0.0.1:", "http://localhost/",
        "http://127.0.0.1/", "https://claude.ai/api/mcp/auth_callback",
        "https://claude.com/api/mcp/auth_callback", "https://chatgpt.com/connector/oauth/",
        "https://vscode.dev/redirect", "https://insiders.vscode.dev/redirect",
        "https://www.cursor.com/agents/mcp/oauth/callback",
        "cursor://anysphere.cursor-mcp/oauth/callback",
    ]

    /// The number of the longest beginning of a URI, and the rest.
    private static func shortened(_ uri: String) -> (UInt64, [UInt8]) {
        var best = 0
        for (index, beginning) in beginnings.enumerated()
        where uri.utf8.starts(with: beginning.utf8)
            && beginning.utf8.count > beginnings[best].utf8.count
        {
            best = index
        }
        return (UInt64(best), Array(uri.utf8.dropFirst(beginnings[best].utf8.count)))
    }

    private static func number(of method: ClientAuthenticationMethod) -> UInt64 {
        switch method {
        case .none: 0
        case .clientSecretBasic: 1
        case .clientSecretPost: 2
        case .privateKeyJWT: 3
        }
    }

    private static func method(_ number: UInt64?) -> ClientAuthenticationMethod? {
        ClientAuthenticationMethod.allCases.first { Self.number(of: $0) == number }
    }

    private static func append(_ bytes: inout [UInt8], _ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private static func append(_ bytes: inout [UInt8], _ text: [UInt8]) {
        append(&bytes, UInt64(text.count))
        bytes += text
    }

    /// Takes values from the beginning of bytes.
    private struct Reader {
        var bytes: ArraySlice<UInt8>

        mutating func number() -> UInt64? {
            var value: UInt64 = 0
            for shift in stride(from: 0, to: 63, by: 7) {
                guard let byte = bytes.popFirst() else { return nil }
                value |= UInt64(byte & 0x7F) << UInt64(shift)
                if byte & 0x80 == 0 { return value }
            }
            return nil
        }

        mutating func text() -> String? {
            guard let length = number(), length <= bytes.count else { return nil }
            defer { bytes.removeFirst(Int(length)) }
            return String(validating: bytes.prefix(Int(length)), as: UTF8.self)
        }
    }
}
