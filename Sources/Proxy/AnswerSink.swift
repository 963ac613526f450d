package import ResourceServer

/// The head of an answer as the proxy decides it; the connection adds what is its own to say.
package struct AnswerHead {
    /// The status code.
    package var status: Int
    /// Field lines, each with its CRLF; none of them about framing or the connection.
    package var fieldLines: [UInt8]
    /// How long the content is.
    package var length: AnswerLength

    /// Puts a head together.
    package init(status: Int, fieldLines: [UInt8], length: AnswerLength) {
        self.status = status
        self.fieldLines = fieldLines
        self.length = length
    }
}

/// How the content of an answer is delimited.
package enum AnswerLength {
    /// The status or the method leaves no room for content.
    case none
    /// Exactly that many bytes.
    case bytes(Int)
    /// Known when it ends.
    case open
}

/// Where an answer goes: the client's side of an exchange.
///
/// Every call comes on the loop.
package protocol AnswerSink: AnyObject {
    /// Takes the head; it is written with the first content, or at the next ``flush()``.
    func begin(_ head: AnswerHead)
    /// Takes content; the bytes are valid during the call.
    func send(_ bytes: UnsafeRawBufferPointer)
    /// Takes content.
    func send(_ bytes: [UInt8])
    /// Writes what was held back to be written together.
    func flush()
    /// The answer is complete.
    func end()
    /// The answer cannot be completed: the connection is cut, so that nobody takes it for whole.
    func abort()
    /// The upstream's status, for the log.
    func note(upstreamStatus: Int)
    /// What went wrong with the upstream, for the log.
    func note(_ failure: ForwardingFailure)
    /// Whether so much waits for the client that whoever feeds it should stop for now.
    var isBehind: Bool { get }
}

/// What went wrong with an upstream: a kind to count and the private reason.
package struct ForwardingFailure: Sendable {
    /// The ways in which an upstream fails.
    package enum Kind: Sendable {
        /// No connection, or one that broke.
        case unreachable
        /// No answer in time.
        case silent
        /// The connection ended inside an answer.
        case truncated
        /// An answer that breaks the protocol, or one that must be judged and cannot be.
        case malformed
        /// Its own 401, 403, 407 or redirect.
        case refused
        /// No connection was left.
        case exhausted
    }

    /// What it is.
    package let kind: Kind
    /// Why, for the log.
    package let reason: String
}

extension AnswerSink {
    /// Answers with a refusal, whole.
    package func answer(_ refusal: Refusal) {
        var lines: [UInt8] = []
        refusal.appendFieldLines(to: &lines)
        begin(AnswerHead(status: refusal.status, fieldLines: lines, length: refusal.length))
        send(refusal.body)
        end()
    }
}

extension Refusal {
    /// Appends the fields, content type included, each with its CRLF.
    package func appendFieldLines(to lines: inout [UInt8]) {
        for field in fields {
            lines += field.name.utf8
            lines += ": ".utf8
            lines += field.value.utf8
            lines += "\r\n".utf8
        }
        if let contentType {
            lines += "Content-Type: ".utf8
            lines += contentType.utf8
            lines += "\r\nCache-Control: no-store\r\n".utf8
        }
    }

    /// How the content is delimited.
    package var length: AnswerLength { status == 204 ? .none : .bytes(body.count) }
}
