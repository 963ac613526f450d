package import Cryptography
import JOSE
import JSON

/// A client's key, and the proofs that are made with it, right and wrong.
package struct Prover: Sendable {
    /// The key.
    package let key: SigningKey

    /// A prover with a new key.
    package init(_ algorithm: SignatureAlgorithm = .es256) throws {
        key = try SigningKey.generate(algorithm)
    }

    /// The public half as a JWK.
    package var jwk: String {
        var writer = JSONWriter()
        writer.beginObject()
        key.verificationKey.components.writeRequiredMembers(to: &writer)
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// The thumbprint of the key.
    package var thumbprint: String { key.verificationKey.components.thumbprint }

    /// A proof for a request.
    ///
    /// `header` and `claims` change members, whose values are JSON; nil leaves one out. `signer` signs in
    /// the place of the key.
    package func proof(
        _ url: String, method: String = "POST", at now: Int64, token: String? = nil,
        nonce: String? = nil, id: String = Base64URL.encode(randomBytes(12)),
        header: [String: String?] = [:], claims: [String: String?] = [:],
        signer: SigningKey? = nil
    ) throws -> String {
        let digest = token.map { Base64URL.encode(sha256(Array($0.utf8)).bytes) }
        let head = Self.object(
            [
                "typ": "\"dpop+jwt\"", "alg": "\"\(key.algorithm.rawValue)\"", "jwk": jwk,
            ], header)
        let payload = Self.object(
            [
                "jti": "\"\(id)\"", "htm": "\"\(method)\"", "htu": "\"\(url)\"", "iat": "\(now)",
                "ath": digest.map { "\"\($0)\"" }, "nonce": nonce.map { "\"\($0)\"" },
            ], claims)
        let input = Base64URL.encode(Array(head.utf8)) + "." + Base64URL.encode(Array(payload.utf8))
        let signature = try (signer ?? key).signature(of: Array(input.utf8)[...])
        return input + "." + Base64URL.encode(signature)
    }

    private static func object(
        _ usual: [String: String?], _ changes: [String: String?]
    ) -> String {
        var members = usual.compactMapValues { $0 }
        for (name, value) in changes { members[name] = value }
        return "{"
            + members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
            .joined(separator: ",") + "}"
    }
}
