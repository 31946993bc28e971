/// A unit of text with its time in milliseconds from the start of the recording.
struct TimedUnit {
    var unit: LineUnit
    /// At least that of the unit before.
    var startMs: Int
    /// At least `startMs`.
    var endMs: Int
}

extension TimedUnit {
    /// The units of all sentences, their times put into order.
    static func units(of sentences: [TimedSentence], _ limits: SubtitleLimits) -> [TimedUnit] {
        var units: [TimedUnit] = []
        let times = times(of: sentences, limits)[...]
        var seen = 0
        for sentence in sentences {
            let text = sentence.text
            var parts = LineUnit.units(of: text, lineCharactersMax: limits.lineCharactersMax)
            if let before = units.last?.unit.text.last, let first = parts.first?.text.first {
                parts[0].isSpaced = !before.isWide && !first.isWide
            }
            for unit in parts {
                let last = times[seen + unit.visibleCount - 1]
                units.append(TimedUnit(unit: unit, startMs: times[seen].startMs, endMs: last.endMs))
                seen += unit.visibleCount
            }
        }
        return units
    }

    private struct Span {
        var startMs: Int
        var endMs: Int
    }

    /// The time of every visible character. The characters of a piece share its time evenly.
    private static func times(of sentences: [TimedSentence], _ limits: SubtitleLimits) -> [Span] {
        let pieces = sentences.flatMap(\.pieces)
        var spans: [Span] = []
        var startMs = 0
        let startsMs = pieces.map { piece in
            startMs = max(startMs, milliseconds(piece.start))
            return startMs
        }
        let counts = sentences.flatMap(visibleCounts)
        for (index, piece) in pieces.enumerated() where counts[index] > 0 {
            let count = counts[index]
            let startMs = startsMs[index]
            let nextMs = index + 1 < pieces.count ? startsMs[index + 1] : Int.max
            // Too fast to be read: it may go on into the silence behind it.
            let wishedMs = max(milliseconds(piece.end), startMs + limits.readingMs(characters: count))
            let endMs = max(startMs, min(wishedMs, nextMs))
            let spokenMs = min(endMs - startMs, count * 1_000 / limits.spokenPerSecondMin)
            spans += (0..<count).map {
                Span(startMs: startMs + spokenMs * $0 / count, endMs: startMs + spokenMs * ($0 + 1) / count)
            }
            spans[spans.count - 1].endMs = endMs
        }
        return spans
    }

    /// How many visible characters of a sentence begin in each of its pieces.
    private static func visibleCounts(of sentence: TimedSentence) -> [Int] {
        var counts = [Int](repeating: 0, count: sentence.pieces.count)
        var piece = 0
        var offset = 0
        var end = sentence.pieces[0].text.utf8.count
        for character in sentence.text {
            while offset >= end {
                piece += 1
                end += sentence.pieces[piece].text.utf8.count
            }
            if !character.isBlank { counts[piece] += 1 }
            offset += character.utf8.count
        }
        return counts
    }
}
