package import Cryptography
import JSON

/// The header of a compact JWS (RFC 7515 §4), of which only `alg`, `kid`, `typ` and `cty` are read.
package struct JWSHeader: Sendable, Equatable {
    /// `alg`: what the token claims; it must be allowed and be the key's before it means anything.
    package let algorithm: SignatureAlgorithm
    /// `kid`: a name to look up, never a path, a query or a URL.
    package let keyID: String?
    /// `typ` as it was sent.
    package let type: String?
    /// `cty` as it was sent.
    package let contentType: String?

    /// How long `kid`, `typ` and `cty` may be, in bytes.
    package static let memberLimit = 256

    /// Members that bring a key of their own, or say where one is (RFC 8725 §3.10).
    private static let keyMembers = ["jwk", "jku", "x5u", "x5c"]
    /// Members that ask for processing that is not spoken here (RFC 7515 §4.1.11, RFC 7797).
    private static let processingMembers = ["crit", "b64"]

    /// Reads a header; `bringsKey` lets it have a `jwk`, which is the caller's to read.
    init(_ header: JSONValue, bringsKey: Bool = false) throws(JWSViolation) {
        for name in Self.keyMembers + Self.processingMembers where header.member(name) != nil {
            guard bringsKey, name == "jwk" else { throw .forbiddenHeader(member: name) }
        }
        guard header["alg"] != nil else { throw .missingAlgorithm }
        let name = try Self.string("alg", of: header)
        // RFC 7515 §4.1.1: the name is case-sensitive; what is not in the enumeration, "nOnE" too,
        // ends here.
        guard let algorithm = SignatureAlgorithm(rawValue: name ?? "") else {
            throw .unsupportedAlgorithm
        }
        self.algorithm = algorithm
        keyID = try Self.string("kid", of: header)
        type = try Self.string("typ", of: header)
        contentType = try Self.string("cty", of: header)
    }

    /// Whether `typ` is the media type `application/<name>`, with or without `application/`, in any
    /// casing (RFC 7515 §4.1.9, RFC 9068 §4).
    ///
    /// `name` is in lower case and without `application/`, such as `at+jwt`.
    package func isOfType(_ name: StaticString) -> Bool {
        guard let type else { return false }
        var sent = Array(type.utf8)[...].map { byte in
            (0x41...0x5a).contains(byte) ? byte | 0x20 : byte
        }[...]
        let prefix = "application/".utf8
        if sent.starts(with: prefix) { sent = sent.dropFirst(prefix.count) }
        return sent.elementsEqual(name.description.utf8)
    }

    /// The object that a header's bytes spell.
    static func object(_ text: [UInt8]) throws(JWSViolation) -> JSONValue {
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: text)
        } catch {
            throw .headerNotJSON(error)
        }
        guard document.root.kind == .object else { throw .headerNotAnObject }
        return document.root
    }

    private static func string(
        _ name: String, of header: JSONValue
    ) throws(JWSViolation) -> String? {
        guard let value = header.member(name) else { return nil }
        guard let string = value.string, (1...memberLimit).contains(string.utf8.count) else {
            throw .malformedHeader(member: name)
        }
        return string
    }
}
