/// How much of a sentence each of its cues has, for sharing out other words in the same proportions.
struct CueShares {
    private(set) var cues: [Int] = []
    /// Visible characters of each.
    private var counts: [Int] = []

    init(_ sentence: TimedSentence) {
        for piece in sentence.pieces {
            if piece.source != cues.last {
                cues.append(piece.source)
                counts.append(0)
            }
            counts[counts.count - 1] += piece.text.count { !$0.isBlank }
        }
    }

    /// The units of every cue, parted near the places where the sentence is, rather behind a clause than a word. Each
    /// cue has one at least, while there are any.
    func parts(_ units: [LineUnit]) -> [(cue: Int, units: [LineUnit])] {
        let all = units.reduce(0) { $0 + $1.width }
        let countAll = max(1, counts.reduce(0, +))
        var (start, used, share) = (0, 0, 0)
        return cues.indices.map { index in
            share += counts[index]
            let target = all * share / countAll
            let cuesLeft = cues.count - 1 - index
            let endMax = cuesLeft == 0 ? units.count : max(min(start + 1, units.count), units.count - cuesLeft)
            var (end, width) = (start, used)
            var best = (end: start, width: used, cost: Int.max)
            while end < endMax {
                width += units[end].width
                end += 1
                let cost = abs(width - target) + (units[end - 1].seam <= .clauses ? 0 : 6)
                if cuesLeft == 0 || cost < best.cost { best = (end, width, cost) }
                if cuesLeft > 0, width > target + 6 { break }
            }
            defer { (start, used) = (best.end, best.width) }
            return (cues[index], Array(units[start..<best.end]))
        }
    }
}
