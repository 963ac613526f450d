/// Counters in rows, one row for each server, laid out flat.
struct CounterTable: Sendable, Equatable {
    private let columns: Int
    private var cells: [UInt64]

    /// A table of one row, which is the one for no server.
    init(columns: Int) {
        self.columns = columns
        cells = [UInt64](repeating: 0, count: columns)
    }

    private var rows: Int { cells.count / columns }

    subscript(row: Int, column: Int) -> UInt64 {
        row < rows ? cells[row * columns + column] : 0
    }

    /// Counts one; a row that does not exist counts as the first.
    @inline(__always)
    mutating func increase(row: Int, column: Int) {
        let index = row * columns + column
        cells[index < cells.count ? index : column] &+= 1
    }

    mutating func grow(toRows rows: Int) {
        let missing = rows * columns - cells.count
        if missing > 0 { cells.append(contentsOf: repeatElement(0, count: missing)) }
    }

    /// Adds one row of a table of the same columns to a row of this one.
    mutating func add(row: Int, of other: CounterTable, to ownRow: Int) {
        grow(toRows: ownRow + 1)
        for column in 0..<columns { cells[ownRow * columns + column] &+= other[row, column] }
    }
}
