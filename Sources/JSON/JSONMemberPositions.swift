/// The places of the members of an object in the order of the text.
///
/// Holds no document: ``JSONDocument/next(_:)`` moves it on.
package struct JSONMemberPositions: BitwiseCopyable, Sendable {
    var node: Int
    let end: Int
}
