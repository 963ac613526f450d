/// The scheme of a URI in lower case (RFC 3986 §3.1).
struct URIScheme: Sendable {
    /// Schemes that run what they carry, read files, or stand for another protocol of browsers and
    /// systems: a code sent there is not received by an application of the user's choice.
    private static let dangerous: Set<String> = [
        "about", "afp", "blob", "callto", "chrome", "chrome-extension", "cid", "content", "data",
        "dict", "dns", "feed", "file", "filesystem", "ftp", "ftps", "git", "gopher", "hcp", "imap",
        "intent", "irc", "jar", "javascript", "jdbc", "ldap", "ldaps", "livescript", "mailto",
        "mid", "mocha", "moz-extension", "ms-msdt", "ms-officecmd", "ms-settings", "news", "nfs",
        "nntp", "pop",
        "mhtml", "res", "resource", "rtsp", "search-ms", "sftp", "shell", "sip", "sms", "smb",
        "ssh", "tel",
        "telnet", "tftp", "urn", "vbscript", "view-source", "ws", "wss", "wyciwyg", "xmpp",
    ]

    /// The scheme.
    let text: String

    /// A scheme; nil for anything but a letter and letters, digits, `+`, `-`, `.` in lower case.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard let first = bytes.first, first.isLowercaseLetter,
            bytes.allSatisfy({
                $0.isLowercaseLetter || $0.isDigit || [0x2B, 0x2D, 0x2E].contains($0)
            })
        else { return nil }
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// Whether no code may ever be sent to the scheme, whatever the policy says.
    var isDangerous: Bool { Self.dangerous.contains(text) }
}
