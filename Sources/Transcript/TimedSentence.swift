/// A sentence with its time, be it heard, read or translated.
package struct TimedSentence: Sendable, Equatable {
    /// The sentence in order, without white space around it: its words where they have times, else its parts of
    /// segments or cues, else itself.
    package private(set) var pieces: [TimedText]

    package var text: String { pieces.map(\.text).joined() }
    /// Seconds from the start of the recording.
    package var start: Double { pieces.first?.start ?? 0 }
    /// Seconds from the start of the recording.
    package var end: Double { pieces.last?.end ?? 0 }

    /// A sentence of which no more is known, such as a translation.
    package init(text: String, start: Double, end: Double) {
        pieces = [TimedText(text: text, start: start, end: end)]
    }

    /// - Parameter pieces: white space around them goes, and so do sentences of nothing else.
    init?(_ pieces: [TimedText]) {
        guard let first = pieces.firstIndex(where: { !$0.text.isBlank }),
            let last = pieces.lastIndex(where: { !$0.text.isBlank })
        else { return nil }
        self.pieces = Array(pieces[first...last])
        self.pieces[0].text = String(self.pieces[0].text.unicodeScalars.drop(while: \.isBlank))
        let end = self.pieces[last - first].text.unicodeScalars
        let cut = end.lastIndex { !$0.isBlank }.map { end.index(after: $0) }
        self.pieces[last - first].text = String(end[..<(cut ?? end.endIndex)])
    }
}

extension TimedSentence {
    /// A longer silence ends a sentence, whatever its text says.
    package static let pauseSecondsMax = 2.0

    /// The sentences of a text in timed pieces. No visible character is lost, doubled or moved.
    ///
    /// - Parameters:
    ///   - pieces: in the order of the text. Times that run backwards wait for the ones before.
    ///   - borders: where the sentences of a text are; what is in none of them belongs to the one before it.
    package static func sentences(
        of pieces: [TimedText], borders: (String) -> [Range<String.Index>]
    ) -> [TimedSentence] {
        var sentences: [TimedSentence] = []
        var run: [TimedText] = []
        var spokenUntil = 0.0
        for piece in ordered(pieces) {
            if piece.start - spokenUntil > pauseSecondsMax, !piece.text.isBlank {
                sentences += split(run, borders)
                run = []
            }
            run.append(piece)
            if !piece.text.isBlank { spokenUntil = max(spokenUntil, piece.end) }
        }
        return sentences + split(run, borders)
    }

    /// Times become numbers that never run backwards, and no piece is said into the next.
    private static func ordered(_ pieces: [TimedText]) -> [TimedText] {
        var ordered = pieces
        for index in pieces.indices {
            let before = index > 0 ? ordered[index - 1].start : 0
            let start = pieces[index].start > before ? min(pieces[index].start, secondsMax) : before
            ordered[index].start = start
            ordered[index].end = pieces[index].end > start ? min(pieces[index].end, secondsMax) : start
            if index > 0 { ordered[index - 1].end = min(ordered[index - 1].end, start) }
        }
        return ordered
    }

    /// Sentences of pieces without a pause.
    private static func split(_ run: [TimedText], _ borders: (String) -> [Range<String.Index>]) -> [TimedSentence] {
        guard !run.isEmpty else { return [] }
        let text = run.map(\.text).joined()
        let starts = Set(borders(text).map { text.utf8.distance(from: text.startIndex, to: $0.lowerBound) })
        var next = starts.sorted()[...]
        var sentences: [[TimedText]] = [[]]
        var offset = 0
        for piece in run {
            let end = offset + piece.text.utf8.count
            let places = next.prefix { $0 < end }
            next = next.dropFirst(places.count)
            let parts = piece.cut(at: places.filter { $0 > offset }.map { $0 - offset })
            if places.first == offset { sentences.append([]) }
            sentences[sentences.count - 1].append(parts[0])
            sentences += parts.dropFirst().map { [$0] }
            offset = end
        }
        return sentences.compactMap(TimedSentence.init)
    }
}

extension Recording {
    /// What was said, sentence by sentence, whatever the segments.
    ///
    /// - Parameter borders: where the sentences of a text are.
    package func sentences(borders: (String) -> [Range<String.Index>]) -> [TimedSentence] {
        TimedSentence.sentences(of: pieces, borders: borders)
    }

    /// The words where they have the text of the segments, else the segments.
    ///
    /// Punctuation of a segment may have gone to the last word of the one before: two may have the text together.
    private var pieces: [TimedText] {
        var pieces: [TimedText] = []
        var index = 0
        while index < segments.count {
            let counts = [1, 2].filter { index + $0 <= segments.count }
            let count = counts.first { count in
                let some = segments[index..<index + count]
                return some.allSatisfy { $0.words != nil }
                    && some.flatMap { $0.words ?? [] }.map(\.text).joined() == some.map(\.text).joined()
            }
            for number in index..<index + (count ?? 1) {
                let segment = segments[number]
                let whole = TimedText(text: segment.text, start: segment.start, end: segment.end, source: number)
                pieces +=
                    count == nil
                    ? [whole]
                    : (segment.words ?? []).map {
                        TimedText(text: $0.text, start: $0.start, end: $0.end, source: number)
                    }
            }
            index += count ?? 1
        }
        return pieces
    }
}
