import AuthorizationServer
import Cryptography
import Foundation
import HTTP
import HTTPClient
import JOSE
import Synchronization
import Testing

/// Keys that clients and issuers of tests sign with, and JWTs of any content by them.
enum MachineKeys {
    static let own = make(.es256)
    static let other = make(.es256)
    static let edwards = make(.eddsa)
    /// Where keys are that can be had, and where they cannot.
    static let place = "https://keys.example/jwks"
    static let unreachable = "https://down.example/jwks"

    static func set(
        _ keys: [(String, SigningKey)] = [("own", own), ("edwards", edwards)]
    ) throws -> JSONWebKeySet {
        try JSONWebKeySet(
            keys.map { JSONWebKey(id: $0.0, algorithm: $0.1.algorithm, key: $0.1.verificationKey) })
    }

    /// Finds the keys of the two places.
    static let lookUp: KeySetLookup = { url in StubKeys(isThere: url.host.text == "keys.example") }

    /// A signed JWT; nil takes a member away.
    static func jwt(
        _ claims: [String: Any?], header: [String: Any?] = [:], by key: SigningKey = own
    ) throws -> String {
        var head: [String: Any?] = ["alg": key.algorithm.rawValue, "kid": "own"]
        for (name, value) in header { head[name] = .some(value) }
        func part(_ members: [String: Any?]) throws -> String {
            let present = members.compactMapValues { $0 }
            let data = try JSONSerialization.data(
                withJSONObject: present, options: [.withoutEscapingSlashes])
            return Base64URL.encode([UInt8](data))
        }
        let input = try part(head) + "." + part(claims)
        let signature = try key.signature(of: Array(input.utf8)[...])
        return input + "." + Base64URL.encode(signature)
    }

    private static func make(_ algorithm: SignatureAlgorithm) -> SigningKey {
        do { return try SigningKey.generate(algorithm) } catch { preconditionFailure("\(error)") }
    }
}

/// Keys that are at a URL.
private struct StubKeys: KeySetSource {
    let isThere: Bool

    func keys(for id: String?) async throws(OutboundFailure) -> JSONWebKeySet {
        guard isThere, let set = try? MachineKeys.set() else {
            throw OutboundFailure(.unreachable, "the test says so")
        }
        return set
    }
}
