package import HTTP

/// Where a client of HTTP+SSE sends its messages: what the first event of the stream names
/// (MCP 2024-11-05 basic/transports).
///
/// It has the origin of the stream, so holding one is proof that messages go nowhere else.
package struct MessageEndpoint: Sendable, Hashable {
    /// The longest endpoint, in bytes: sealed and in a request line, it must fit into 8 KiB.
    package static let lengthLimit = 2048

    /// The endpoint, without user information, fragment and dot segments.
    package let uri: AbsoluteURI

    /// The endpoint that a reference names on a stream from `upstream`.
    ///
    /// - Throws: the first deviation.
    package init(
        reference: [UInt8], of upstream: AbsoluteURI
    ) throws(EndpointViolation) {
        guard !reference.isEmpty else { throw .empty }
        guard reference.count <= Self.lengthLimit else {
            throw .tooLong(limit: Self.lengthLimit)
        }
        let uri: AbsoluteURI
        do throws(URIViolation) {
            uri = try AbsoluteURI(
                resolving: String(decoding: reference, as: UTF8.self), against: upstream)
        } catch {
            throw .notAReference(error)
        }
        guard uri.origin == upstream.origin else { throw .foreignOrigin }
        guard uri.description.utf8.count <= Self.lengthLimit else {
            throw .tooLong(limit: Self.lengthLimit)
        }
        self.uri = uri
    }

    /// The endpoint that the first event of a stream from `upstream` names; nil for a block that
    /// says nothing to a client, as a comment.
    ///
    /// - Throws: the first deviation.
    package init?(
        opening event: EventStreamEvent, of upstream: AbsoluteURI
    ) throws(EndpointViolation) {
        guard event.namesEndpoint else {
            guard event.data == nil else { throw .eventMissing }
            return nil
        }
        try self.init(reference: event.data ?? [], of: upstream)
    }
}

extension EventStreamEvent {
    /// Whether the event is called `endpoint`, with data or without.
    package var namesEndpoint: Bool {
        event.map { $0.utf8.elementsEqual("endpoint".utf8) } ?? false
    }

    /// Whether a client of HTTP+SSE looks for a message in the event, once the stream is open.
    ///
    /// - Throws: ``EndpointViolation/eventRepeated``.
    package func carriesMessage() throws(EndpointViolation) -> Bool {
        guard !namesEndpoint else { throw .eventRepeated }
        guard let event else { return true }
        return event.utf8.elementsEqual("message".utf8)
    }

    /// The event that names an endpoint to a client.
    package static func endpoint(_ reference: [UInt8]) -> [UInt8] {
        encode(data: reference, event: "endpoint")
    }
}
