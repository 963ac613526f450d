/// A place in a configuration file.
///
/// Shape: lines and columns count from 1; columns count characters, not bytes.
package struct SourcePosition: Sendable, Hashable, Comparable {
    /// The line, from 1.
    package var line: Int
    /// The column, from 1.
    package var column: Int

    /// The place at a line and a column, both counted from 1.
    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The first place of a file.
    package static let start = SourcePosition(line: 1, column: 1)

    /// Whether one place stands before another.
    package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}
