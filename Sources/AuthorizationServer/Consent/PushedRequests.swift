import Cryptography
import HTTP
import OAuth
import Seals
import Storage

/// The names of pushed authorization requests (RFC 9126 §2.2): each is the request itself, sealed for
/// its client, so that no server has to keep it; only its one use is noted.
struct PushedRequests: Sendable {
    /// How long a name can be used, in seconds.
    static let lifetime: Int64 = 60
    /// What every such name begins with (RFC 9126 §2.2).
    static let prefix = "urn:ietf:params:oauth:request_uri:"
    /// The longest name, in bytes: it must fit into the request line of the authorization endpoint.
    static let lengthLimit = 6 * 1024
    /// The parameters that are kept; credentials are none of them.
    private static let names = [
        "client_id", "response_type", "response_mode", "redirect_uri", "state", "scope", "resource",
        "code_challenge", "code_challenge_method", "prompt",
    ]
    /// How many random bytes tell equal requests apart.
    private static let idLength = 16

    private let seal: Seal

    /// Names by the keys of the ring.
    init(ring: KeyRing) {
        seal = Seal(.pushedRequest, ring: ring)
    }

    /// A new name for a request of the client, whose code will be bound to `key`, if any; nil if it
    /// would be too long.
    func uri(
        of form: FormParameters, for clientID: String, key: KeyThumbprint?, at now: Int64
    ) -> String? {
        var pairs = [("client_id", clientID)]
        for name in Self.names.dropFirst() {
            pairs += form.values(name).map { (name, $0) }
        }
        if let key { pairs.append(("dpop_jkt", key.text)) }
        let query = PercentEncoding.encode(form: pairs)
        let bytes = Self.bigEndian(now + Self.lifetime) + randomBytes(Self.idLength) + query.utf8
        guard bytes.count <= Self.lengthLimit / 4 * 3 else { return nil }
        let uri = Self.prefix + seal.seal(bytes, context: Array(clientID.utf8))
        return uri.utf8.count <= Self.lengthLimit ? uri : nil
    }

    /// The request that a name stands for, with what must be noted before it is used; nil for what was
    /// not given to this client, or has expired at `now`, in Unix seconds.
    func request(
        named uri: String, by clientID: String, at now: Int64
    ) -> (form: FormParameters, use: SingleUse)? {
        guard uri.utf8.count <= Self.lengthLimit, uri.hasPrefix(Self.prefix),
            let bytes = seal.open(
                String(uri.dropFirst(Self.prefix.count)), context: Array(clientID.utf8)),
            bytes.count >= 8 + Self.idLength
        else { return nil }
        let expiresAt = bytes.prefix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        guard now < expiresAt,
            let form = try? FormParameters(parsing: bytes[(8 + Self.idLength)...])
        else { return nil }
        let id = Base64URL.encode(Array(bytes[8..<(8 + Self.idLength)]))
        return (form, SingleUse(issuer: Self.prefix, id: id, expiresAt: expiresAt))
    }

    private static func bigEndian(_ number: Int64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> Int64(56 - 8 * $0)) }
    }
}
