import Cryptography
import JOSE
import JSON

/// What a checkpoint of the audit log says: how far a chain had come at a time.
///
/// It stands in the log as a compact JWS of a type of its own, so that who has the public keys alone
/// can tell that the gateway wrote it.
struct AuditCheckpoint: Equatable {
    /// The chain's name.
    var chain: String
    /// The number of its last block; 0 before the first.
    var block: Int64
    /// The number of the last line of that block.
    var sequence: Int64
    /// The code of that block.
    var code: [UInt8]
    /// When, as the line's `time` has it.
    var time: String
    /// Whether the chain ends here.
    var isClosed: Bool

    /// The `typ` of the JWS (RFC 8725 §3.11).
    static let type: StaticString = "gatehouse-audit+jwt"

    /// The checkpoint as a signed compact JWS.
    ///
    /// - Throws: `CryptographyError` if signing fails.
    func signed(by key: SigningKey, keyID: String) throws(CryptographyError) -> String {
        try SignedJWT.compact(
            type: Self.type.description, keyID: keyID, claims: claims, key: key)
    }

    private var claims: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("chain")
        writer.string(chain)
        writer.name("block")
        writer.integer(block)
        writer.name("seq")
        writer.integer(sequence)
        writer.name("hmac")
        writer.string(Base64URL.encode(code))
        writer.name("time")
        writer.string(time)
        writer.name("closed")
        writer.bool(isClosed)
        writer.endObject()
        return writer.bytes
    }

    /// The line of a checkpoint, its line feed included; it is the line after `sequence`.
    func line(signature: String) -> [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        writer.name("chain")
        writer.string(chain)
        writer.name("seq")
        writer.integer(sequence + 1)
        writer.name("time")
        writer.string(time)
        writer.name("event")
        writer.string("checkpoint")
        writer.name("jws")
        writer.string(signature)
        writer.endObject()
        return writer.bytes + [UInt8(ascii: "\n")]
    }
}

extension AuditCheckpoint {
    /// The checkpoint of a compact JWS, with the id of the key that signed it; nil unless one of the
    /// keys did, for this purpose.
    static func verified(
        _ signature: String, by keys: JSONWebKeySet
    ) -> (checkpoint: AuditCheckpoint, keyID: String)? {
        guard let unverified = try? UnverifiedJWS(Array(signature.utf8)),
            unverified.header.isOfType(type),
            let jws = try? unverified.verified(by: keys, allowing: [.es256]),
            let document = try? JSONDocument(parsing: jws.payload)
        else { return nil }
        let root = document.root
        guard let chain = root["chain"]?.string, let block = root["block"]?.integer,
            let sequence = root["seq"]?.integer,
            let code = root["hmac"]?.string.flatMap({ Base64URL.decode($0) }),
            code.count == AuditChain.codeLength, let time = root["time"]?.string,
            let isClosed = root["closed"]?.bool, block >= 0, sequence >= 0, sequence < .max
        else { return nil }
        let checkpoint = AuditCheckpoint(
            chain: chain, block: block, sequence: sequence, code: code, time: time,
            isClosed: isClosed)
        return (checkpoint, jws.keyID)
    }
}
