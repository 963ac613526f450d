/// The places of the members of an object in the order of the text.
///
/// Holds no document: ``JSONDocument/next(_:in:)`` moves it on.
package struct JSONMemberPositions: BitwiseCopyable, Sendable {
    /// One member, looked up among some names.
    package struct Member: BitwiseCopyable, Sendable {
        let node: Int
        /// Which of the names its name is once unescaped; nil if none.
        package let index: Int?

        /// The place of the name, which is a string.
        package var name: JSONPosition { JSONPosition(node) }
        /// The place of the value.
        package var value: JSONPosition { JSONPosition(node + 1) }
    }

    var node: Int
    let end: Int
}
