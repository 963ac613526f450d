package import JSON

/// What the gateway reads of `params._meta`.
package struct MessageMetadata: Sendable {
    private let document: JSONDocument
    private let places: Places

    /// Where the members that are read lie, each of the right kind.
    struct Places: BitwiseCopyable, Sendable {
        var value: JSONPosition?
        var protocolVersion: JSONPosition?
        var hasClientCapabilities = false
        var progressToken: JSONPosition?
        var relatedTask: JSONPosition?
    }

    init(_ places: Places, of document: JSONDocument) {
        self.document = document
        self.places = places
    }

    /// `_meta`, an object; nil if absent.
    package var value: JSONValue? { places.value.map { document.value(at: $0) } }
    /// `io.modelcontextprotocol/protocolVersion`, present on every request of 2026-07-28.
    package var protocolVersion: String? {
        places.protocolVersion.flatMap { document.value(at: $0).string }
    }
    /// Whether `io.modelcontextprotocol/clientCapabilities` is an object, required by 2026-07-28.
    package var hasClientCapabilities: Bool { places.hasClientCapabilities }
    /// `progressToken`, a string or an integer.
    package var progressToken: JSONValue? { places.progressToken.map { document.value(at: $0) } }
    /// `taskId` of `io.modelcontextprotocol/related-task`, 2025-11-25 only; unescaped.
    package var relatedTask: ArraySlice<UInt8>? {
        places.relatedTask.flatMap { document.utf8(at: $0) }
    }
}
