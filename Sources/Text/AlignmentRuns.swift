import Transcript

/// Steps of an alignment as a report has them: those of equal units in runs, each with its time.
struct AlignmentRuns {
    private(set) var runs: [AccuracyReport.Step] = []

    /// - Parameter joiner: what stands between two units.
    init(
        _ steps: [AccuracyReport.Step.Kind], _ expected: [Substring], _ found: [Substring], joiner: String,
        times: TextTimes?
    ) {
        // Spaces count for no time.
        let letters = found.map { unit in unit.unicodeScalars.count { $0 != " " } }
        let all = letters.reduce(0, +)
        var (row, column, lettersBefore, index) = (0, 0, 0, 0)
        while index < steps.count {
            let kind = steps[index]
            let count = kind == .equal ? steps[index...].prefix { $0 == .equal }.count : 1
            let rows = kind == .insertion ? row..<row : row..<row + count
            let columns = kind == .deletion ? column..<column : column..<column + count
            let lettersUntil = lettersBefore + letters[columns].reduce(0, +)
            var run = AccuracyReport.Step(
                kind: kind, reference: expected[rows].joined(separator: joiner),
                hypothesis: found[columns].joined(separator: joiner))
            if let times, !columns.isEmpty {
                (run.start, run.end) = times.span(lettersBefore..<lettersUntil, of: all)
            }
            runs.append(run)
            (row, column, lettersBefore, index) = (rows.upperBound, columns.upperBound, lettersUntil, index + count)
        }
    }
}
