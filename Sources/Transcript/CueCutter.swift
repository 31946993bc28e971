/// Cuts timed sentences into cues.
///
/// Of all cuttings the one is taken that keeps the limits, and among those the one with the best places: ends of
/// sentences before ends of clauses before ends of words, no pause inside a cue, no scraps. Sentences that somebody
/// says too fast for a reader are cut again for the best places, since none would help.
struct CueCutter {
    private let limits: SubtitleLimits
    private let units: [TimedUnit]
    /// Characters before every unit, the space before it included; one more for the whole text.
    private let widths: [Int]

    init(_ sentences: [TimedSentence], _ limits: SubtitleLimits) {
        self.limits = limits
        units = TimedUnit.units(of: sentences, limits)
        widths = units.reduce(into: [0]) { $0.append($0.last! + $1.unit.width + ($1.unit.isSpaced ? 1 : 0)) }
    }

    func cues() -> [Cue] {
        var cues: [Cue] = []
        for range in cutting() {
            // More than two full lines a second: whoever speaks next waits.
            let startMs = max(units[range.lowerBound].startMs, cues.last?.endMs ?? 0)
            let nextMs = range.upperBound < units.count ? units[range.upperBound].startMs : Int.max
            let wishedMs = max(units[range.upperBound - 1].endMs, startMs + neededMs(range))
            let endMs = max(min(wishedMs, startMs + limits.cueMsMax, nextMs), startMs + limits.cueMsMin)
            let lines = LineBreaks.lines(units[range].map(\.unit), lineCharactersMax: limits.lineCharactersMax)
            cues.append(Cue(startMs: startMs, endMs: endMs, lines: lines))
        }
        return cues
    }

    private enum Aim { case limits, looks }

    /// Ranges of units, one after the other, all units together.
    private func cutting() -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        /// Cues since a sentence began with one.
        var open: [Range<Int>] = []
        for range in cutting(units.indices, .limits) {
            open.append(range)
            guard units[range.upperBound - 1].unit.seam == .sentences else { continue }
            let isKept = open.allSatisfy { missedMs($0) == 0 }
            ranges += isKept ? open : cutting(open[0].lowerBound..<range.upperBound, .looks)
            open = []
        }
        return ranges
    }

    /// The best ranges of some units.
    private func cutting(_ all: Range<Int>, _ aim: Aim) -> [Range<Int>] {
        let first = all.lowerBound
        var best = [Cost?](repeating: nil, count: all.count + 1)
        var from = [Int](repeating: first, count: all.count + 1)
        best[0] = Cost()
        for start in all {
            var lineStart = start
            var lineCount = 1
            var joints = 0
            for end in start + 1...all.upperBound {
                if width(lineStart..<end) > limits.lineCharactersMax {
                    lineStart = end - 1
                    lineCount += 1
                    guard lineCount <= limits.linesMax else { break }
                }
                if end - 1 > start { joints += joint(before: end - 1) }
                let cost = best[start - first]! + cost(start..<end, joints: joints, aim)
                if best[end - first].map({ cost < $0 }) ?? true {
                    best[end - first] = cost
                    from[end - first] = start
                }
            }
        }
        var ranges: [Range<Int>] = []
        var end = all.upperBound
        while end > first {
            ranges.append(from[end - first]..<end)
            end = from[end - first]
        }
        return ranges.reversed()
    }

    /// Characters of units on one line.
    private func width(_ range: Range<Int>) -> Int {
        widths[range.upperBound] - widths[range.lowerBound] - (units[range.lowerBound].unit.isSpaced ? 1 : 0)
    }

    /// How long a cue should be seen. A space at the edge counts, so that all cuttings of a text need as much.
    private func neededMs(_ range: Range<Int>) -> Int {
        let readingMs =
            limits.readingMs(characters: widths[range.upperBound])
            - limits.readingMs(characters: widths[range.lowerBound])
        return max(limits.cueMsMin, readingMs)
    }

    /// What it costs that units before and behind a place share a cue.
    private func joint(before index: Int) -> Int {
        let pauseMs = max(0, units[index].startMs - units[index - 1].endMs)
        return min(pauseMs / 20, 100) + (units[index - 1].unit.seam == .sentences ? 25 : 0)
    }

    /// Milliseconds that a cue is too short, or its last words come too late.
    private func missedMs(_ range: Range<Int>) -> Int {
        waitedMs(range) + max(0, neededMs(range) - roomMs(range))
    }

    private func waitedMs(_ range: Range<Int>) -> Int {
        max(0, units[range.upperBound - 1].startMs - units[range.lowerBound].startMs - limits.cueMsMax)
    }

    /// Until the next cue.
    private func roomMs(_ range: Range<Int>) -> Int {
        guard range.upperBound < units.count else { return Int.max }
        return units[range.upperBound].startMs - units[range.lowerBound].startMs
    }

    private func cost(_ range: Range<Int>, joints: Int, _ aim: Aim) -> Cost {
        let last = units[range.upperBound - 1]
        let seamCost =
            switch last.unit.seam {
            case .sentences: 0
            case .clauses: 20
            case .words: 60
            case .characters: 70
            case .wordParts: 150
            }
        let isWhole =
            last.unit.seam == .sentences
            && (range.lowerBound == 0 || units[range.lowerBound - 1].unit.seam == .sentences)
        let room = limits.lineCharactersMax * limits.linesMax
        let empty = isWhole ? 0 : max(0, room - width(range))
        let badness = 20 + seamCost + joints + 40 * empty * empty / (room * room)
        let missedMs = missedMs(range)
        guard aim == .looks else { return Cost(missedMs: missedMs, badness: badness) }
        let graveMs = waitedMs(range) + max(0, limits.cueMsMin - roomMs(range))
        return Cost(missedMs: graveMs, badness: badness + (missedMs > 0 ? 40 + missedMs / 10 : 0))
    }
}

/// First come the limits, then the looks.
private struct Cost: Comparable {
    var missedMs = 0
    var badness = 0

    static func < (one: Cost, other: Cost) -> Bool { (one.missedMs, one.badness) < (other.missedMs, other.badness) }
    static func + (one: Cost, other: Cost) -> Cost {
        Cost(missedMs: one.missedMs + other.missedMs, badness: one.badness + other.badness)
    }
}

extension Subtitles {
    /// Timed sentences as subtitles within limits. Every word is in them once and in order, and no cue overlaps the
    /// next. A cue stays into the silence behind it where a reader needs it.
    ///
    /// Where somebody speaks too fast to be read, `breaches` tells the cues.
    package init(_ sentences: [TimedSentence], _ limits: SubtitleLimits) {
        self.init(CueCutter(sentences, limits).cues())
    }
}
