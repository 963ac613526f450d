import Cryptography
import JOSE

/// Keys that are made once for all tests; making an RSA key takes long.
enum Keys {
    static let es256 = make(.es256)
    static let other = make(.es256)
    static let rs256 = make(.rs256)
    static let eddsa = make(.eddsa)

    private static func make(_ algorithm: SignatureAlgorithm) -> SigningKey {
        do {
            return try SigningKey.generate(algorithm)
        } catch {
            preconditionFailure("\(error)")
        }
    }

    /// A set of all but `other`, with the ids `ec`, `rsa` and `okp`.
    static func set() throws -> JSONWebKeySet {
        try JSONWebKeySet([
            JSONWebKey(id: "ec", algorithm: .es256, key: es256.verificationKey),
            JSONWebKey(id: "rsa", algorithm: .rs256, key: rs256.verificationKey),
            JSONWebKey(id: "okp", algorithm: .eddsa, key: eddsa.verificationKey),
        ])
    }
}

/// A compact JWS of any header, truly signed.
func token(
    _ header: String, _ payload: String = "{}", by key: SigningKey = Keys.es256
) throws -> [UInt8] {
    let input =
        Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(payload.utf8))
    let signature = try key.signature(of: Array(input.utf8)[...])
    return Array((input + "." + Base64URL.encode(signature)).utf8)
}

/// Why a token of that header is refused, though its signature is good; nil if it is not.
func violation(
    _ header: String, by key: SigningKey = Keys.es256,
    allowing allowed: Set<SignatureAlgorithm> = Set(SignatureAlgorithm.allCases)
) throws -> JWSViolation? {
    let bytes = try token(header, by: key)
    let keys = try Keys.set()
    do throws(JWSViolation) {
        _ = try UnverifiedJWS(bytes).verified(by: keys, allowing: allowed)
        return nil
    } catch {
        return error
    }
}

/// The claims of a signed payload.
func claims(_ payload: String) throws -> JWTClaims {
    let bytes = try token(#"{"alg":"ES256","kid":"ec"}"#, payload)
    return try JWTClaims(UnverifiedJWS(bytes).verified(by: Keys.set(), allowing: [.es256]))
}
