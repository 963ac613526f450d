import Cryptography
import FuzzSupport
import JOSE
import JSON
import OAuth

/// What must hold of a proof that somebody has a key, which brings that key itself (RFC 9449).
struct ProofLaws {
    private static let key = OwnKey.key

    /// What somebody's key has signed (RFC 9449 §4.1).
    private static let known = Set(
        [
            "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0"
                + "VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10"
                + "NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19"
                + ".eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2Vy"
                + "dmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ"
        ].map { Array($0.utf8) })

    /// A proof as it came.
    static func check(_ token: [UInt8]) {
        guard let proof = try? DPoPProof(parsing: token[...]) else { return }
        guard let end = token.lastIndex(of: UInt8(ascii: ".")) else {
            return require(false, "a proof has parts")
        }
        // There are keys of this curve for which anybody signs, and who shows one fools nobody else.
        let isEdwards = proof.key.text == (try? SelfSignedJWS(token[...]))?.edwardsThumbprint
        require(isEdwards || known.contains(Array(token[..<end])), "what nobody signed is no proof")
    }

    /// A proof of ours but for its key, which stands there as JSON; `@` stands for our `x`, and every
    /// later one for our `y`.
    static func check(jwk template: [UInt8]) {
        let jwk = withCoordinates(template)
        let claims = Array(
            #"{"jti":"j","htm":"POST","htu":"https://s.example/token","iat":1}"#.utf8)
        let head = Array(#"{"typ":"dpop+jwt","alg":"ES256","jwk":"#.utf8) + jwk + Array("}".utf8)
        guard let proof = try? DPoPProof(parsing: signed(head, claims)[...]) else { return }
        require(proof.key == own, "the key that is shown is the one that signed")
        guard let value = try? JSONDocument(parsing: jwk).root, value.kind == .object else {
            return require(false, "a key is an object")
        }
        func text(_ name: String) -> String? {
            value.members.first { $0.name.stringBytes == Array(name.utf8) }?.value.string
        }
        for name in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            let isThere = value.members.contains { $0.name.stringBytes == Array(name.utf8) }
            require(!isThere, "a private key is refused")
        }
        require(text("kty") == "EC" && text("crv") == "P-256", "the key is of its kind")
        guard let x = text("x"), let y = text("y") else {
            return require(false, "a point has two coordinates")
        }
        let canonical = #"{"crv":"P-256","kty":"EC","x":"\#(x)","y":"\#(y)"}"#
        require(
            proof.key.text == Base64URL.encode(sha256(Array(canonical.utf8)).bytes),
            "its thumbprint is that of RFC 7638")
    }

    /// A proof of ours that says this.
    static func check(claims: [UInt8], choices: inout Choices) {
        let document = try? JSONDocument(parsing: claims)
        guard document != nil || choices.once(in: 256) else { return }
        let token = signed(head, claims)
        guard let proof = try? DPoPProof(parsing: token[...]) else { return }
        guard let root = document?.root, root.kind == .object else {
            return require(false, "claims are an object")
        }
        require(proof.key == own, "the key is ours")
        let texts = [("jti", proof.id), ("htm", proof.method), ("nonce", proof.nonce)]
        for (name, value) in texts {
            require(root.member(name)?.stringBytes == value.map { Array($0.utf8) }, "\(name) is so")
        }
        for value in [proof.id, proof.nonce ?? "-"] {
            require(value.utf8.count <= DPoPProof.identifierLimit, "and short")
        }
        require(!proof.id.isEmpty, "there is an id")
        guard let place = root.member("htu")?.string else {
            return require(false, "a proof is for a place")
        }
        require(DPoPTarget(place) == proof.target, "which is as sent")
        // Of several slashes at the end one is dropped.
        if !proof.target.text.hasSuffix("/") {
            require(DPoPTarget(proof.target.text) == proof.target, "in its one spelling")
        }
        require(!proof.target.text.contains { "?#".contains($0) }, "without query and fragment")
        let digest = root.member("ath")?.string.flatMap { Base64URL.decode($0) }
        require(digest == proof.accessTokenDigest, "the digest is as sent")
        require(digest.map { $0.count == 32 } ?? true, "and whole")
        guard choices.once(in: 16) else { return }
        // One letter of the proof, other than it was.
        var changed = token
        let at = choices.below(changed.count)
        changed[at] = changed[at] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        require((try? DPoPProof(parsing: changed[...])) == nil, "a proof that was changed is none")
    }

    private static func withCoordinates(_ text: [UInt8]) -> [UInt8] {
        guard case .p256(let x, let y) = key.verificationKey.components else {
            fatalError("broken: a key of ES256 is a point")
        }
        var coordinates = [x, y].map { Base64URL.encodedBytes($0[...]) }
        return text.flatMap { byte in
            guard byte == UInt8(ascii: "@") else { return [byte] }
            return coordinates.count > 1 ? coordinates.removeFirst() : coordinates[0]
        }
    }

    private static let own = KeyThumbprint(of: key.verificationKey.components)

    private static let head: [UInt8] = {
        var writer = JSONWriter()
        writer.beginObject()
        key.verificationKey.components.writeRequiredMembers(to: &writer)
        writer.endObject()
        return Array(#"{"typ":"dpop+jwt","alg":"ES256","jwk":"#.utf8) + writer.bytes
            + Array("}".utf8)
    }()

    private static func signed(_ head: [UInt8], _ claims: [UInt8]) -> [UInt8] {
        var token = Base64URL.encodedBytes(head[...]) + [UInt8(ascii: ".")]
        token += Base64URL.encodedBytes(claims[...])
        guard let signature = try? key.signature(of: token[...]) else {
            fatalError("broken: a key signs")
        }
        return token + [UInt8(ascii: ".")] + Base64URL.encodedBytes(signature[...])
    }
}

extension SelfSignedJWS {
    /// The thumbprint of a key of Ed25519; nil for others.
    fileprivate var edwardsThumbprint: String? {
        guard case .ed25519 = key else { return nil }
        return key.thumbprint
    }
}
