package import Cryptography
import JSON

/// The keys of an issuer that can check signatures (RFC 7517 §5).
package struct JSONWebKeySet: Sendable {
    /// The keys that are used; no two have both `id` and algorithm in common.
    package let keys: [JSONWebKey]
    /// The members that are not used: their place in `keys` of the text, counted from 0, and why.
    package let ignored: [(place: Int, reason: JWKViolation)]

    /// How long the text may be, in bytes.
    package static let textLimit = 256 * 1024
    /// How many keys the text may hold.
    package static let keyLimit = 100

    /// A set of our own keys.
    ///
    /// - Throws: `duplicateKeyID`.
    package init(_ keys: [JSONWebKey]) throws(JWKSetViolation) {
        self.keys = try Self.unique(keys)
        ignored = []
    }

    /// Reads a JWK set.
    ///
    /// Members that are not understood or not usable are left out and listed in `ignored` (RFC 7517
    /// §5). The same key twice counts once; different keys with one `kid` and one algorithm refuse
    /// the whole set, for one of them is not the issuer's intent. The same `kid` with different
    /// algorithms is allowed (RFC 7517 §4.5).
    ///
    /// - Throws: why the text is not a JWK set; a set without usable keys is none of those reasons.
    package init(parsing text: [UInt8]) throws(JWKSetViolation) {
        guard text.count <= Self.textLimit else { throw .tooLarge }
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: text)
        } catch {
            throw .notJSON(error)
        }
        guard document.root.kind == .object, let members = document.root["keys"],
            members.kind == .array
        else { throw .noKeys }
        var keys: [JSONWebKey] = []
        var ignored: [(place: Int, reason: JWKViolation)] = []
        for (place, member) in members.elements.enumerated() {
            guard place < Self.keyLimit else { throw .tooManyKeys }
            do throws(JWKViolation) {
                keys.append(try JSONWebKey(member))
            } catch {
                ignored.append((place, error))
            }
        }
        self.keys = try Self.unique(keys)
        self.ignored = ignored
    }

    /// The key for a signature by `algorithm`.
    ///
    /// `id` is the `kid` of the header, compared byte for byte; nil finds a key only if a single
    /// one has the algorithm.
    ///
    /// - Throws: `unknownKey`, `algorithmMismatch` (the `kid` is that of a key with another
    ///   algorithm) or `ambiguousKey`.
    package func key(
        id: String?, algorithm: SignatureAlgorithm
    ) throws(JWSViolation) -> JSONWebKey {
        guard let id else {
            var candidates = keys.filter { $0.algorithm == algorithm }
            guard let key = candidates.popLast() else { throw .unknownKey }
            guard candidates.isEmpty else { throw .ambiguousKey }
            return key
        }
        // String's own comparison takes different bytes for equal (é in one or two scalars).
        let named = keys.filter { $0.id.utf8.elementsEqual(id.utf8) }
        guard !named.isEmpty else { throw .unknownKey }
        // RFC 8725 §3.1: the algorithm is the key's, never the token's choice.
        guard let key = named.first(where: { $0.algorithm == algorithm }) else {
            throw .algorithmMismatch
        }
        return key
    }

    /// Whether both sets have the same keys in the same order, and so verify the same.
    package func verifiesAs(_ other: JSONWebKeySet) -> Bool {
        keys.elementsEqual(other.keys) {
            $0.id.utf8.elementsEqual($1.id.utf8) && $0.algorithm == $1.algorithm
                && $0.key.components == $1.key.components
        }
    }

    private static func unique(_ keys: [JSONWebKey]) throws(JWKSetViolation) -> [JSONWebKey] {
        var unique: [JSONWebKey] = []
        for key in keys {
            let twin = unique.first {
                $0.id.utf8.elementsEqual(key.id.utf8) && $0.algorithm == key.algorithm
            }
            guard let twin else {
                unique.append(key)
                continue
            }
            guard twin.key.components == key.key.components else { throw .duplicateKeyID(key.id) }
        }
        return unique
    }
}
