/// A text that is exactly one JSON value by RFC 8259, in which nothing can be read in two ways.
///
/// Names are unique in every object, strings are well-formed Unicode, and sizes are within
/// ``JSONLimits``. The text is kept as it came; values are references into it.
package struct JSONDocument: Sendable {
    let index: JSONIndex

    /// Reads `bytes`, which are one value with nothing but whitespace around it.
    ///
    /// - Throws: the first deviation found.
    package init(
        parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()
    ) throws(JSONViolation) {
        index = JSONIndex(bytes: bytes, nodes: try JSONScanner.nodes(of: bytes, limits: limits))
    }

    /// The text.
    package var bytes: [UInt8] { index.bytes }

    /// The one value of the text.
    package var root: JSONValue { JSONValue(index: index, position: 0) }
}
