import Cryptography
import Storage

/// A chain of blocks of the audit log: numbers lines, and ends each block with a code over it.
///
/// The code of a block is HMAC-SHA-256 over the exact bytes of its lines and of the line that ends
/// it, as far as the code itself. That line names the code of the block before, so that no block can
/// be taken out, put in or moved. A chain belongs to one event loop, or one command.
struct AuditChain {
    /// The chain's name: random, so that no two chains are alike.
    let id: String
    /// The number of the last line.
    private(set) var sequence: Int64 = 0
    /// The number of the last block; 0 before the first.
    private(set) var block: Int64 = 0
    /// The code of the last block; zeros before the first.
    private(set) var code = [UInt8](repeating: 0, count: AuditChain.codeLength)

    private let key: SecretBytes
    private var timestamp = LogTimestamp()

    /// The length of a code, in bytes.
    static let codeLength = 32
    /// The length of a name, in bytes before it becomes text.
    private static let idLength = 9
    /// What comes before the code in the line that ends a block.
    static let codeMark: StaticString = ",\"hmac\":\""
    /// The longest line that ends a block.
    private static let blockLineLimit = 320

    /// A chain with a name that nobody had before.
    init(secret: SecretBytes) {
        self.init(id: Base64URL.encode(randomBytes(Self.idLength)), secret: secret)
    }

    /// A chain of a given name.
    init(id: String, secret: SecretBytes) {
        self.id = id
        key = Self.key(of: id, secret: secret)
    }

    /// The key of a chain's codes (RFC 5869): who learns it can forge no other chain.
    static func key(of id: String, secret: SecretBytes) -> SecretBytes {
        let info = Array("gatehouse audit chain v1".utf8) + [0] + Array(id.utf8)
        return SecretBytes(hkdfSHA256(secret: secret.bytes, info: info, count: 32))
    }

    /// The code over lines and the beginning of the line that ends their block.
    static func code(over bytes: [UInt8], key: SecretBytes) -> [UInt8] {
        hmacSHA256(key: key.bytes, bytes)
    }

    /// Numbers the next line.
    @inline(__always)
    mutating func nextSequence() -> Int64 {
        sequence += 1
        return sequence
    }

    /// Appends the line that ends a block, whose lines are all of `bytes` and nothing else.
    ///
    /// - Parameters:
    ///   - bytes: the lines, `count` of them, each with its line feed.
    ///   - count: how many they are; at least one.
    ///   - timeMilliseconds: the time in Unix milliseconds.
    /// - Returns: how far the chain has come now.
    mutating func seal(
        _ bytes: inout [UInt8], count: Int, timeMilliseconds: Int64
    ) -> AuditHead {
        precondition(count > 0, "a block has lines")
        block += 1
        let text = Base64URL.encodedBytes(code[...])
        bytes.append(addingCapacity: Self.blockLineLimit) { line in
            LogEncoding.append("{\"chain\":\"", to: &line)
            for byte in id.utf8 { line.append(byte) }
            LogEncoding.append("\",\"time\":\"", to: &line)
            timestamp.append(timeMilliseconds: timeMilliseconds, to: &line)
            LogEncoding.append("\",\"event\":\"block\",\"block\":", to: &line)
            LogEncoding.append(Int(block), to: &line)
            LogEncoding.append(",\"first\":", to: &line)
            LogEncoding.append(Int(sequence) - count + 1, to: &line)
            LogEncoding.append(",\"last\":", to: &line)
            LogEncoding.append(Int(sequence), to: &line)
            LogEncoding.append(",\"previous\":\"", to: &line)
            for byte in text { line.append(byte) }
            line.append(UInt8(ascii: "\""))
        }
        code = Self.code(over: bytes, key: key)
        LogEncoding.append(Self.codeMark, to: &bytes)
        bytes += Base64URL.encodedBytes(code[...])
        LogEncoding.append("\"}\n", to: &bytes)
        return head(isClosed: false, timeMilliseconds: timeMilliseconds)
    }

    /// How far the chain has come.
    func head(isClosed: Bool, timeMilliseconds: Int64) -> AuditHead {
        AuditHead(
            chain: id, block: block, sequence: sequence, mac: code, isClosed: isClosed,
            writtenAt: timeMilliseconds / 1000)
    }
}
