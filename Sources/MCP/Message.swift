package import JSON

/// Exactly one JSON-RPC 2.0 message, in which nothing that the gateway reads can be read otherwise.
///
/// An object, so that handing it on copies one reference and not all that was read.
package final class Message: Sendable {
    /// Request, notification or response.
    package let kind: Kind
    private let reader: MessageReader

    /// The bytes that were judged, which are those to forward.
    package var document: JSONDocument { reader.document }
    /// The method; nil for a response.
    package var method: MCPMethod? { reader.knownMethod }
    /// The name of the method, unescaped; empty for a response.
    package var methodName: ArraySlice<UInt8> { reader.methodName }
    /// What the method is asked to act on.
    package var target: MessageTarget { reader.target }
    /// `params`, an object; nil if absent.
    package var params: JSONValue? { reader.params }
    /// `params.arguments`, an object; nil if absent or `null`.
    package var arguments: JSONValue? { reader.arguments }
    /// What is read of `params._meta`.
    package var metadata: MessageMetadata { reader.metadata }
    /// `result` of a response, an object; nil for an error and for other kinds.
    package var result: JSONValue? { reader.result }
    /// `error` of a response, an object; nil for a result and for other kinds.
    package var error: JSONValue? { reader.error }

    /// The three kinds of message (JSON-RPC 2.0 §4, §4.1, §5).
    package enum Kind: Sendable, Hashable {
        /// Asks for a response with the same id.
        case request(MessageID)
        /// Asks for nothing.
        case notification
        /// Answers the request of that id.
        case response(MessageID)
    }

    /// Reads the one message that `body` must be.
    ///
    /// - Throws: the first deviation, and the id to answer it with if that was plain.
    package init(
        parsing body: [UInt8], from sender: MessageSender = .client,
        limits: JSONLimits = JSONLimits()
    ) throws(MalformedMessage) {
        let document: JSONDocument
        do throws(JSONViolation) {
            document = try JSONDocument(parsing: body, limits: limits)
        } catch {
            throw MalformedMessage(violation: .json(error), id: nil, namesRevision: false)
        }
        var reader = MessageReader(document: document, sender: sender)
        do throws(MessageViolation) {
            kind = try reader.readMessage()
        } catch {
            throw MalformedMessage(
                violation: error, id: reader.plainID.map { Array($0.rawBytes) },
                namesRevision: reader.metadata.protocolVersion != nil)
        }
        self.reader = consume reader
    }

    /// The id of a request or response; nil for a notification.
    package var id: MessageID? {
        switch kind {
        case .request(let id), .response(let id): id
        case .notification: nil
        }
    }

    /// The id as it was written; nil for a notification, and for an error without any.
    package var idBytes: ArraySlice<UInt8>? { reader.id?.rawBytes }
}

extension Message {
    /// The revision that the answer to `initialize` settles on; nil for any other message and for
    /// a revision that the gateway does not know.
    package var negotiatedRevision: ProtocolRevision? {
        result?["protocolVersion"]?.utf8.flatMap { ProtocolRevision(utf8: $0) }
    }
}
