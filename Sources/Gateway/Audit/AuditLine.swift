import Cryptography
import JSON

/// A line of a file as the verifier sees it: one of the audit log, or something else.
enum AuditLine {
    /// An event of a chain.
    case event(chain: String, sequence: Int64)
    /// A signed checkpoint of a chain.
    case checkpoint(chain: String, sequence: Int64, time: String, signature: String)
    /// The end of a block.
    case block(AuditBlock)
    /// It begins as a line of the audit log and cannot be read as one.
    case broken
    /// No line of the audit log.
    case other

    /// How every line of the audit log begins.
    private static let mark = Array("{\"chain\":\"".utf8)
    /// How what the system's log puts before a line ends.
    private static let prefixEnd = Array(": ".utf8)

    /// What of a line is of the audit log, without what the system's log puts before it; nil where
    /// nothing is.
    static func content(of line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let brace = line.firstIndex(of: mark[0]), line[brace...].starts(with: mark) else {
            return nil
        }
        let prefix = line[..<brace]
        guard prefix.isEmpty || prefix.suffix(prefixEnd.count).elementsEqual(prefixEnd) else {
            return nil
        }
        return line[brace...]
    }

    /// Reads a line, without its line feed.
    init(_ content: ArraySlice<UInt8>) {
        guard let document = try? JSONDocument(parsing: Array(content)),
            let chain = document.root["chain"]?.string,
            let event = document.root["event"]?.string
        else {
            self = .broken
            return
        }
        let root = document.root
        if event == "block" {
            guard let block = AuditBlock(root, chain: chain, line: content) else {
                self = .broken
                return
            }
            self = .block(block)
            return
        }
        guard let sequence = root["seq"]?.integer, sequence > 0 else {
            self = .broken
            return
        }
        if event == "checkpoint", let time = root["time"]?.string,
            let signature = root["jws"]?.string
        {
            self = .checkpoint(
                chain: chain, sequence: sequence, time: time, signature: signature)
        } else {
            self = .event(chain: chain, sequence: sequence)
        }
    }
}

/// The line that ends a block, as it was read.
struct AuditBlock {
    let chain: String
    let number: Int64
    let first: Int64
    let last: Int64
    let previous: [UInt8]
    let code: [UInt8]
    let time: String
    /// What of the line the code is over.
    let covered: ArraySlice<UInt8>

    /// How many lines a block may claim: more than fit into a batch.
    static let lineLimit: Int64 = 1 << 20

    init?(_ root: JSONValue, chain: String, line: ArraySlice<UInt8>) {
        guard let number = root["block"]?.integer, number > 0,
            let first = root["first"]?.integer, first > 0,
            let last = root["last"]?.integer, last >= first, last - first < Self.lineLimit,
            let previous = root["previous"]?.string.flatMap({ Base64URL.decode($0) }),
            let text = root["hmac"]?.string, let code = Base64URL.decode(text),
            code.count == AuditChain.codeLength, previous.count == AuditChain.codeLength,
            let time = root["time"]?.string
        else { return nil }
        // What comes behind what the code is over has one spelling.
        let tail = Array("\(AuditChain.codeMark)\(text)\"}".utf8)
        guard line.count > tail.count, line.suffix(tail.count).elementsEqual(tail) else {
            return nil
        }
        self.chain = chain
        self.number = number
        self.first = first
        self.last = last
        self.previous = previous
        self.code = code
        self.time = time
        covered = line.dropLast(tail.count)
    }
}
