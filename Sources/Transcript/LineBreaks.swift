/// Where the lines of a cue are broken.
enum LineBreaks {
    /// Lines that are made equal; more than that are filled.
    private static let balancedLinesMax = 4

    /// As few lines as hold the units; of lines as long as each other, and broken at the best places.
    static func lines(_ units: [LineUnit], lineCharactersMax: Int) -> [String] {
        var lines: [String] = []
        var rest = units[...]
        while !rest.isEmpty {
            let line = firstLine(rest, lineCharactersMax)
            lines.append(text(line))
            rest = rest[line.endIndex...]
        }
        return lines
    }

    static func text(_ units: ArraySlice<LineUnit>) -> String {
        units.indices.reduce(into: "") { text, index in
            text += (index > units.startIndex && units[index].isSpaced ? " " : "") + units[index].text
        }
    }

    private static func firstLine(_ units: ArraySlice<LineUnit>, _ lineCharactersMax: Int) -> ArraySlice<LineUnit> {
        let count = lineCount(units, lineCharactersMax)
        guard count > 1 else { return units }
        guard count <= balancedLinesMax else { return filledLine(units, lineCharactersMax) }
        let ideal = width(units) / count
        var best = units.startIndex + 1
        var bestCost = Int.max
        for end in units.indices.dropFirst() {
            let line = width(units[..<end])
            guard line <= lineCharactersMax else { break }
            let seam = units[end - 1].seam
            let seamCost = seam == .wordParts ? 40 : seam > .clauses ? 6 : 0
            // The lines left must do for the rest.
            guard lineCount(units[end...], lineCharactersMax) < count, abs(line - ideal) + seamCost < bestCost else {
                continue
            }
            best = end
            bestCost = abs(line - ideal) + seamCost
        }
        return units[..<best]
    }

    private static func width(_ units: ArraySlice<LineUnit>) -> Int {
        units.reduce(0) { $0 + $1.width + ($1.isSpaced ? 1 : 0) } - (units.first?.isSpaced ?? false ? 1 : 0)
    }

    /// How many lines hold the units, each filled before the next; no more are counted than matters.
    private static func lineCount(_ units: ArraySlice<LineUnit>, _ lineCharactersMax: Int) -> Int {
        var count = 0
        var rest = units
        while !rest.isEmpty, count <= balancedLinesMax {
            rest = rest[filledLine(rest, lineCharactersMax).endIndex...]
            count += 1
        }
        return count
    }

    private static func filledLine(_ units: ArraySlice<LineUnit>, _ lineCharactersMax: Int) -> ArraySlice<LineUnit> {
        var used = units[units.startIndex].width
        var end = units.startIndex + 1
        while end < units.endIndex {
            used += units[end].width + (units[end].isSpaced ? 1 : 0)
            guard used <= lineCharactersMax else { break }
            end += 1
        }
        return units[..<end]
    }
}
