/// The place of one value, or of one member's name, in a document.
///
/// A number: unlike a ``JSONValue`` it keeps nothing alive, so it costs nothing to copy. It means
/// something only to the document that it comes from.
package struct JSONPosition: BitwiseCopyable, Sendable {
    /// The node of the value or name.
    let node: UInt32

    init(_ node: Int) {
        self.node = UInt32(truncatingIfNeeded: node)
    }
}
