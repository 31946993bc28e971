import TestSupport
import Testing
import Whisper

struct WordTimingTests {
    @Test func `the path through a table of costs is the one a search from the end finds`() {
        var random = SeededRandom()
        for _ in 0..<200 {
            let (rows, columns) = (Int.random(in: 1...12, using: &random), Int.random(in: 1...30, using: &random))
            let cost = random.floats(rows * columns)
            var twin = CheapestPath(cost: cost, columns: columns)
            let path = twin.path(to: rows - 1, columns - 1)
            // The first column of each row.
            let expected = (0..<rows).map { row in path.filter { $0.row == row }.map(\.column).min() ?? 0 }
            #expect(WordTiming.jumps(cost, rows: rows, columns: columns) == expected.map { Double($0) / 50 })
        }
    }

    @Test func `a diagonal of low costs is followed`() {
        let columns = 40
        let cost = (0..<4 * columns).map { Float($0 % columns / 10 == $0 / columns ? -1 : 1) }
        #expect(WordTiming.jumps(cost, rows: 4, columns: columns) == [0, 0.2, 0.4, 0.6])
    }

    @Test func `more tokens than positions still have times in order`() {
        let times = WordTiming.jumps([Float](repeating: 1, count: 20 * 3), rows: 20, columns: 3)
        #expect(times.count == 20)
        #expect(zip(times, times.dropFirst()).allSatisfy(<=))
        #expect(times.allSatisfy { $0 >= 0 && $0 <= 0.04 })
    }

    @Test func `the median filter gives the middle of seven neighbours, mirrored at the ends`() {
        var random = SeededRandom()
        for count in [4, 5, 7, 8, 50] {
            let row = random.floats(count)
            func at(_ index: Int) -> Float {
                let folded = abs(index)
                return row[folded < count ? folded : 2 * (count - 1) - folded]
            }
            let expected = (0..<count).map { index in (index - 3...index + 3).map(at).sorted()[3] }
            #expect(WordTiming.median(row) == expected)
        }
        #expect(WordTiming.median([3, 1, 2]) == [3, 1, 2])
    }
}

/// The cheapest path by recursion from its end: over a corner, else up, else left.
private struct CheapestPath {
    let cost: [Float]
    let columns: Int
    private var known: [Int: Float] = [:]

    init(cost: [Float], columns: Int) {
        self.cost = cost
        self.columns = columns
    }

    mutating func path(to row: Int, _ column: Int) -> [(row: Int, column: Int)] {
        var (row, column) = (row, column)
        var path = [(row, column)]
        while row > 0 || column > 0 {
            let (diagonal, up, left) = (
                total(row - 1, column - 1), total(row - 1, column), total(row, column - 1)
            )
            if diagonal <= up, diagonal <= left {
                (row, column) = (row - 1, column - 1)
            } else if up < left {
                row -= 1
            } else {
                column -= 1
            }
            path.append((row, column))
        }
        return path
    }

    private mutating func total(_ row: Int, _ column: Int) -> Float {
        guard row >= 0, column >= 0 else { return .infinity }
        if let sum = known[row * columns + column] { return sum }
        let before = row == 0 && column == 0
            ? 0 : min(total(row - 1, column - 1), total(row - 1, column), total(row, column - 1))
        known[row * columns + column] = before + cost[row * columns + column]
        return before + cost[row * columns + column]
    }
}
