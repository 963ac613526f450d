/// Columns of text for a person: each as wide as its widest cell.
struct TextTable {
    private var rows: [[String]]

    /// A table without headings.
    init() { rows = [] }

    /// A table with these headings.
    init(_ headings: [String]) { rows = [headings] }

    /// Adds a row; control characters of a cell are shown as `?`, so that nothing that a client
    /// chose moves the cursor of a terminal.
    mutating func add(_ cells: [String]) {
        rows.append(
            cells.map { cell in
                String(
                    String.UnicodeScalarView(
                        cell.unicodeScalars.map { Self.isPlain($0) ? $0 : "?" }))
            })
    }

    /// The lines.
    var lines: [String] {
        let columnCount = rows.map(\.count).max() ?? 0
        let widths = (0..<columnCount).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                guard column < row.count - 1 else { continue }
                line += String(repeating: " ", count: widths[column] - cell.count + 2)
            }
            return line
        }
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            false
        default: true
        }
    }
}
