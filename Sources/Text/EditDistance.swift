import Transcript

/// The shortest way from one sequence to another by replacing, dropping and adding.
///
/// Columns of the table of distances are kept as differences in bits, 64 rows a word, so memory is linear; where the
/// table is large, the way is found by halves.
///
/// - Source: Myers 1999, in Hyyrö's form of 2003; Hirschberg 1975.
package struct EditDistance {
    /// What becomes of the next unit of the reference, of the hypothesis, or of both.
    package typealias Step = AccuracyReport.Step.Kind

    /// Cells of the table that is kept whole, at two bits a cell: 4 MB.
    package static let cellsMax = 1 << 24

    private let reference: [Int32]
    private let hypothesis: [Int32]
    /// Where each symbol stands in the reference: `positions[starts[symbol]..<starts[symbol + 1]]`, ascending.
    private let starts: [Int]
    private let positions: [Int]
    private let cellsMax: Int

    /// - Parameter cellsMax: of a table that is kept whole.
    package init<Unit: Hashable>(_ reference: [Unit], _ hypothesis: [Unit], cellsMax: Int = EditDistance.cellsMax) {
        var symbols: [Unit: Int32] = [:]
        func symbol(_ unit: Unit) -> Int32 {
            if let known = symbols[unit] { return known }
            let new = Int32(symbols.count)
            symbols[unit] = new
            return new
        }
        self.reference = reference.map(symbol)
        self.hypothesis = hypothesis.map(symbol)
        self.cellsMax = cellsMax
        var starts = [Int](repeating: 0, count: symbols.count + 1)
        for symbol in self.reference { starts[Int(symbol) + 1] += 1 }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        var next = starts
        var positions = [Int](repeating: 0, count: reference.count)
        for (position, symbol) in self.reference.enumerated() {
            positions[next[Int(symbol)]] = position
            next[Int(symbol)] += 1
        }
        self.starts = starts
        self.positions = positions
    }

    /// The steps in order. Of several shortest ways it takes the one that drops, seen from the end, before it adds,
    /// and adds before it replaces.
    package func steps() -> [Step] {
        var steps: [Step] = []
        steps.reserveCapacity(max(reference.count, hypothesis.count))
        append(0..<reference.count, 0..<hypothesis.count, to: &steps)
        return steps
    }

    private func append(_ rows: Range<Int>, _ columns: Range<Int>, to steps: inout [Step]) {
        var (rows, columns) = (rows, columns)
        while let row = rows.first, let column = columns.first, reference[row] == hypothesis[column] {
            steps.append(.equal)
            rows.removeFirst()
            columns.removeFirst()
        }
        var equalAtEnd = 0
        while let row = rows.last, let column = columns.last, reference[row] == hypothesis[column] {
            equalAtEnd += 1
            rows.removeLast()
            columns.removeLast()
        }
        if rows.isEmpty || columns.isEmpty {
            steps += Array(repeating: .deletion, count: rows.count)
            steps += Array(repeating: .insertion, count: columns.count)
        } else if columns.count == 1 || rows.count * columns.count <= cellsMax {
            steps += wholeTable(rows, columns)
        } else {
            let middle = columns.lowerBound + columns.count / 2
            let split = rows.lowerBound + cheapestSplit(rows, columns, at: middle)
            append(rows.lowerBound..<split, columns.lowerBound..<middle, to: &steps)
            append(split..<rows.upperBound, middle..<columns.upperBound, to: &steps)
        }
        steps += Array(repeating: .equal, count: equalAtEnd)
    }

    /// How many rows belong to the columns before `middle`.
    private func cheapestSplit(_ rows: Range<Int>, _ columns: Range<Int>, at middle: Int) -> Int {
        var before = DistanceColumn(rows: rows, direction: .forward)
        for column in columns.lowerBound..<middle { before.advance(positions(of: hypothesis[column], in: rows)) }
        var behind = DistanceColumn(rows: rows, direction: .backward)
        for column in (middle..<columns.upperBound).reversed() {
            behind.advance(positions(of: hypothesis[column], in: rows))
        }
        let (head, tail) = (before.distances, behind.distances)
        return (0...rows.count).min { head[$0] + tail[rows.count - $0] < head[$1] + tail[rows.count - $1] }!
    }

    /// The way through a table that is kept whole, found from its end.
    private func wholeTable(_ rows: Range<Int>, _ columns: Range<Int>) -> [Step] {
        var column = DistanceColumn(rows: rows, direction: .forward)
        let kept = columns.map { index in
            column.advance(positions(of: hypothesis[index], in: rows))
            return column.differences
        }
        var steps: [Step] = []
        var (row, place) = (rows.count, columns.count)
        while row > 0, place > 0 {
            if kept[place - 1].rises(at: row - 1) {
                steps.append(.deletion)
                row -= 1
                continue
            }
            place -= 1
            if place > 0, kept[place - 1].falls(at: row - 1) {
                steps.append(.insertion)
                continue
            }
            row -= 1
            let isEqual = reference[rows.lowerBound + row] == hypothesis[columns.lowerBound + place]
            steps.append(isEqual ? .equal : .substitution)
        }
        steps += Array(repeating: .deletion, count: row)
        steps += Array(repeating: .insertion, count: place)
        return steps.reversed()
    }

    /// Where a symbol stands among some rows of the reference, ascending.
    private func positions(of symbol: Int32, in rows: Range<Int>) -> ArraySlice<Int> {
        let all = positions[starts[Int(symbol)]..<starts[Int(symbol) + 1]]
        guard rows.count < reference.count else { return all }
        let first = lowerBound(of: rows.lowerBound, in: all)
        return all[first..<lowerBound(of: rows.upperBound, in: all[first...])]
    }

    private func lowerBound(of value: Int, in ascending: ArraySlice<Int>) -> Int {
        var (low, high) = (ascending.startIndex, ascending.endIndex)
        while low < high {
            let middle = (low + high) / 2
            if ascending[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
