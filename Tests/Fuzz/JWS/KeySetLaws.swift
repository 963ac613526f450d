import Cryptography
import FuzzSupport
import JOSE
import JSON

/// What must hold of a JWK set.
enum KeySetLaws {
    static func check(_ text: [UInt8]) {
        guard let set = try? JSONWebKeySet(parsing: text) else { return }
        guard let members = try? JSONDocument(parsing: text).root["keys"]?.elements.map({ $0 })
        else { return require(false, "a set has keys") }
        require(set.keys.count + set.ignored.count <= members.count, "no key comes from nowhere")
        require(set.ignored.allSatisfy { members.indices.contains($0.place) }, "ignored are there")
        for key in set.keys { check(key, in: set, members) }
        for name in ["d", "k"] {
            let secret = members.count { $0.member(name) != nil }
            require(set.keys.count + secret <= members.count, "a private key is not used")
        }
    }

    private static func check(_ key: JSONWebKey, in set: JSONWebKeySet, _ members: [JSONValue]) {
        require(key.key.components.fits(key.algorithm), "a key has an algorithm of its kind")
        require(!key.id.isEmpty && key.id.utf8.count <= 256, "a key has a name")
        let found = try? set.key(id: key.id, algorithm: key.algorithm)
        require(found?.key.components == key.key.components, "a key is found by its name")
        for other in SignatureAlgorithm.allCases where other != key.algorithm {
            let found = try? set.key(id: key.id, algorithm: other)
            require(found == nil || found?.algorithm == other, "and by its algorithm only")
        }
        let named = members.contains { $0["kid"]?.string?.utf8.elementsEqual(key.id.utf8) ?? false }
        require(named || key.id == key.key.components.thumbprint, "its name is its own")
        let length = if case .rsa(let modulus, _) = key.key.components { modulus.count } else { 64 }
        let signature = [UInt8](repeating: 1, count: length)
        require(
            !key.key.isValid(signature, of: Array("a".utf8)[...], by: key.algorithm),
            "what nobody signed does not verify")
    }
}
