/// A column of a table of edit distances, kept as the differences between neighbouring rows, a bit each.
struct DistanceColumn {
    enum Direction { case forward, backward }

    /// Which rows are one more than the row above, which one less.
    struct Differences {
        var rising: [UInt64]
        var falling: [UInt64]

        func rises(at row: Int) -> Bool { rising[row >> 6] >> UInt64(row & 63) & 1 == 1 }
        func falls(at row: Int) -> Bool { falling[row >> 6] >> UInt64(row & 63) & 1 == 1 }
    }

    private(set) var differences: Differences
    private let rows: Range<Int>
    private let direction: Direction
    /// How many columns it has gone: the distance of no row at all.
    private var columnCount = 0
    /// Rows that have the column's symbol; all zero between two columns.
    private var matches: [UInt64]

    /// The column of no unit: each row costs one more.
    ///
    /// - Parameters:
    ///   - rows: of the reference.
    ///   - direction: backward for what both texts are from their ends.
    init(rows: Range<Int>, direction: Direction) {
        let words = (rows.count + 63) / 64
        self.rows = rows
        self.direction = direction
        differences = Differences(
            rising: Array(repeating: .max, count: words), falling: Array(repeating: 0, count: words))
        matches = Array(repeating: 0, count: words)
    }

    /// Goes on by one unit of the hypothesis.
    ///
    /// - Parameter positions: where the reference has it, in its own numbers.
    mutating func advance(_ positions: ArraySlice<Int>) {
        mark(positions)
        columnCount += 1
        var (risesBefore, fallsBefore): (UInt64, UInt64) = (1, 0)
        for word in matches.indices {
            let (rising, falling) = (differences.rising[word], differences.falling[word])
            let match = matches[word] | fallsBefore
            let diagonal = (((match & rising) &+ rising) ^ rising) | match | falling
            let rises = falling | ~(diagonal | rising)
            let falls = diagonal & rising
            let risesNext = rises << 1 | risesBefore
            let fallsNext = falls << 1 | fallsBefore
            (risesBefore, fallsBefore) = (rises >> 63, falls >> 63)
            differences.rising[word] = fallsNext | ~(diagonal | risesNext)
            differences.falling[word] = risesNext & diagonal
            matches[word] = 0
        }
    }

    private mutating func mark(_ positions: ArraySlice<Int>) {
        for position in positions {
            let row = direction == .forward ? position - rows.lowerBound : rows.upperBound - 1 - position
            matches[row >> 6] |= 1 << UInt64(row & 63)
        }
    }

    /// The distances of 0, 1, … rows.
    var distances: [Int] {
        var distance = columnCount
        return [distance]
            + (0..<rows.count).map { row in
                if differences.rises(at: row) { distance += 1 }
                if differences.falls(at: row) { distance -= 1 }
                return distance
            }
    }
}
