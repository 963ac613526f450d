package import JSON

/// Exactly one JSON-RPC 2.0 message, in which nothing that the gateway reads can be read otherwise.
///
/// An object, so that handing it on copies one reference and not all that was read.
package final class Message: Sendable {
    /// Request, notification or response.
    package let kind: Kind
    /// The bytes that were judged, which are those to forward.
    package let document: JSONDocument
    /// The method; nil for a response.
    package let method: MCPMethod?
    /// What the method is asked to act on.
    package let target: MessageTarget
    private let members: MessageMembers
    private let argumentsPosition: JSONPosition?
    private let metadataPlaces: MessageMetadata.Places

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
                violation: error, id: reader.plainID.map { Array(document.value(at: $0).rawBytes) },
                namesRevision: reader.metadata.protocolVersion != nil)
        }
        self.document = document
        method = reader.knownMethod
        target = reader.target
        members = reader.members
        argumentsPosition = reader.arguments
        metadataPlaces = reader.metadata
    }

    /// The id of a request or response; nil for a notification.
    package var id: MessageID? {
        switch kind {
        case .request(let id), .response(let id): id
        case .notification: nil
        }
    }

    /// The id as it was written; nil for a notification, and for an error without any.
    package var idBytes: ArraySlice<UInt8>? { value(at: members.id)?.rawBytes }
    /// The name of the method, unescaped; empty for a response.
    package var methodName: ArraySlice<UInt8> {
        members.method.flatMap { document.utf8(at: $0) } ?? []
    }
    /// `params`, an object; nil if absent.
    package var params: JSONValue? { value(at: members.params) }
    /// `params.arguments`, an object; nil if absent or `null`.
    package var arguments: JSONValue? { value(at: argumentsPosition) }
    /// What is read of `params._meta`.
    package var metadata: MessageMetadata { MessageMetadata(metadataPlaces, of: document) }
    /// `result` of a response, an object; nil for an error and for other kinds.
    package var result: JSONValue? { value(at: members.result) }
    /// `error` of a response, an object; nil for a result and for other kinds.
    package var error: JSONValue? { value(at: members.error) }

    private func value(at position: JSONPosition?) -> JSONValue? {
        position.map { document.value(at: $0) }
    }
}

extension Message {
    /// The revision that the answer to `initialize` settles on; nil for any other message and for
    /// a revision that the gateway does not know.
    package var negotiatedRevision: ProtocolRevision? {
        result?["protocolVersion"]?.utf8.flatMap { ProtocolRevision(utf8: $0) }
    }
}
