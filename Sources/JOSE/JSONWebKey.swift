package import Cryptography
package import JSON

/// A public key that checks signatures by one algorithm (RFC 7517; RFC 8725 §3.1).
package struct JSONWebKey: Sendable {
    /// The `kid`, or the SHA-256 thumbprint of the key (RFC 7638) where the set has none.
    package let id: String
    /// The only algorithm whose signatures the key is asked about.
    package let algorithm: SignatureAlgorithm
    /// The key itself.
    package let key: VerificationKey

    /// A key of our own making.
    ///
    /// - Precondition: the kind of the key fits the algorithm.
    package init(id: String, algorithm: SignatureAlgorithm, key: VerificationKey) {
        precondition(key.components.fits(algorithm), "the algorithm is one of the key's kind")
        self.id = id
        self.algorithm = algorithm
        self.key = key
    }

    /// Reads one member of a JWK set.
    ///
    /// A key without `alg` gets the algorithm that nearly every issuer means by its type: ES256,
    /// EdDSA, and RS256 for RSA; PS256 must be said.
    ///
    /// - Throws: the first reason for which the key is not used.
    package init(_ value: JSONValue) throws(JWKViolation) {
        let components = try Self.components(of: value)
        algorithm = try Self.algorithm(of: value, components)
        key = try Self.key(components)
        id = try Self.keyID(of: value) ?? components.thumbprint
    }

    /// Reads a key that stands in the header of a JWS by `algorithm`; its id is the thumbprint.
    ///
    /// - Throws: the first reason for which the key is not used; `unsupportedAlgorithm` where it is
    ///   for another algorithm.
    init(_ value: JSONValue, for algorithm: SignatureAlgorithm) throws(JWKViolation) {
        let components = try Self.components(of: value)
        guard components.fits(algorithm) else { throw .unsupportedAlgorithm }
        if value["alg"] != nil {
            guard try Self.algorithm(of: value, components) == algorithm else {
                throw .unsupportedAlgorithm
            }
        }
        self.algorithm = algorithm
        key = try Self.key(components)
        id = components.thumbprint
    }

    /// The numbers of a public key that may check signatures.
    private static func components(
        of value: JSONValue
    ) throws(JWKViolation) -> PublicKeyComponents {
        guard value.kind == .object else { throw .notAnObject }
        try refusePrivateMembers(value)
        try refuseOtherUses(value)
        switch try string("kty", of: value) {
        case "EC":
            guard try string("crv", of: value) == "P-256" else { throw .unsupportedType }
            return .p256(x: try bytes("x", of: value), y: try bytes("y", of: value))
        case "OKP":
            guard try string("crv", of: value) == "Ed25519" else { throw .unsupportedType }
            return .ed25519(try bytes("x", of: value))
        case "RSA":
            return .rsa(
                modulus: try bytes("n", of: value), exponent: try bytes("e", of: value))
        default:
            throw .unsupportedType
        }
    }

    private static func key(
        _ components: PublicKeyComponents
    ) throws(JWKViolation) -> VerificationKey {
        do {
            return try VerificationKey(components)
        } catch {
            throw .unusable(error)
        }
    }

    /// RFC 7518 §6.2.2, §6.3.2 and §6.4.1: the members that only a private or symmetric key has.
    private static func refusePrivateMembers(_ value: JSONValue) throws(JWKViolation) {
        for name in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] where value.member(name) != nil {
            throw .privateMember
        }
    }

    private static func refuseOtherUses(_ value: JSONValue) throws(JWKViolation) {
        if let use = value["use"], !use.isString("sig") { throw .notForSignatures }
        if let operations = value["key_ops"] {
            guard operations.kind == .array,
                operations.elements.contains(where: { $0.isString("verify") })
            else { throw .notForVerification }
        }
    }

    private static func algorithm(
        of value: JSONValue, _ components: PublicKeyComponents
    ) throws(JWKViolation) -> SignatureAlgorithm {
        guard value["alg"] != nil else {
            switch components {
            case .p256: return .es256
            case .rsa: return .rs256
            case .ed25519: return .eddsa
            }
        }
        // RFC 9864 §2.2 gives EdDSA on this curve a name of its own.
        let name = try string("alg", of: value)
        let algorithm = name == "Ed25519" ? .eddsa : SignatureAlgorithm(rawValue: name)
        guard let algorithm, components.fits(algorithm) else { throw .unsupportedAlgorithm }
        return algorithm
    }

    private static func keyID(of value: JSONValue) throws(JWKViolation) -> String? {
        guard value["kid"] != nil else { return nil }
        let id = try string("kid", of: value)
        guard (1...256).contains(id.utf8.count) else { throw .keyIDOutOfRange }
        return id
    }

    private static func string(
        _ name: String, of value: JSONValue
    ) throws(JWKViolation) -> String {
        guard let string = value.member(name)?.string else { throw .malformed(member: name) }
        return string
    }

    private static func bytes(_ name: String, of value: JSONValue) throws(JWKViolation) -> [UInt8] {
        guard let bytes = Base64URL.decode(try string(name, of: value)) else {
            throw .malformed(member: name)
        }
        return bytes
    }
}
