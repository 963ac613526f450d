package import JSON

/// Exactly one JSON-RPC 2.0 message, in which nothing that the gateway reads can be read otherwise.
package struct Message: Sendable {
    /// The bytes that were judged, which are those to forward.
    package let document: JSONDocument
    /// Request, notification or response.
    package let kind: Kind
    /// The method; nil for a response.
    package let method: MCPMethod?
    /// The name of the method, unescaped; empty for a response.
    package let methodName: ArraySlice<UInt8>
    /// What the method is asked to act on.
    package let target: MessageTarget
    /// `params`, an object; nil if absent.
    package let params: JSONValue?
    /// `params.arguments`, an object; nil if absent or `null`.
    package let arguments: JSONValue?
    /// What is read of `params._meta`.
    package let metadata: MessageMetadata
    /// `result` of a response, an object; nil for an error and for other kinds.
    package let result: JSONValue?
    /// `error` of a response, an object; nil for a result and for other kinds.
    package let error: JSONValue?
    private let idRange: Range<Int>?

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
        self.document = document
        method = reader.knownMethod
        methodName = reader.methodName
        target = reader.target
        params = reader.params
        arguments = reader.arguments
        metadata = reader.metadata
        result = reader.result
        error = reader.error
        idRange = reader.id?.range
    }

    /// The id of a request or response; nil for a notification.
    package var id: MessageID? {
        switch kind {
        case .request(let id), .response(let id): id
        case .notification: nil
        }
    }

    /// The id as it was written; nil for a notification, and for an error without any.
    package var idBytes: ArraySlice<UInt8>? { idRange.map { document.bytes[$0] } }
}

extension Message {
    /// The revision that the answer to `initialize` settles on; nil for any other message and for
    /// a revision that the gateway does not know.
    package var negotiatedRevision: ProtocolRevision? {
        result?["protocolVersion"]?.utf8.flatMap { ProtocolRevision(utf8: $0) }
    }
}
