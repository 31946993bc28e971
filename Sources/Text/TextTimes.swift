import Transcript

/// When each letter of a recording's text was said: a word's letters share its time, a segment's where it has no words.
struct TextTimes {
    private struct Piece {
        let start: Double
        let end: Double
        /// Letters of the text up to its end.
        let lettersUntil: Int
    }

    private let pieces: [Piece]

    /// Nil where nothing has a time.
    ///
    /// - Throws: as `ComparedText`.
    init?(_ recording: Recording, language: String) throws {
        var pieces: [Piece] = []
        var letters = 0
        for segment in recording.segments {
            let timed =
                segment.words?.map { ($0.text, $0.start, $0.end) } ?? [(segment.text, segment.start, segment.end)]
            for (text, start, end) in timed {
                letters += try ComparedText(text, language: language).characters.count { $0 != " " }
                pieces.append(Piece(start: start, end: max(start, end), lettersUntil: letters))
            }
        }
        guard letters > 0 else { return nil }
        self.pieces = pieces.filter { $0.lettersUntil > 0 }
    }

    /// When some letters of the text were said.
    ///
    /// - Parameters:
    ///   - letters: not empty.
    ///   - all: how many the whole text has; where words alone come to another number, all are moved in proportion.
    func span(_ letters: Range<Int>, of all: Int) -> (start: Double, end: Double) {
        let own = pieces.last?.lettersUntil ?? 0
        func scaled(_ letter: Int) -> Double { Double(letter) * Double(own) / Double(max(1, all)) }
        let start = time(scaled(letters.lowerBound)) { Double($0) > $1 }
        let end = time(scaled(letters.upperBound)) { Double($0) >= $1 }
        return (start, max(start, end))
    }

    /// - Parameter reaches: whether a piece that ends at a letter holds the place.
    private func time(_ place: Double, _ reaches: (Int, Double) -> Bool) -> Double {
        var (low, high) = (0, pieces.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if reaches(pieces[middle].lettersUntil, place) { high = middle } else { low = middle + 1 }
        }
        let before = low > 0 ? pieces[low - 1].lettersUntil : 0
        let (piece, count) = (pieces[low], pieces[low].lettersUntil - before)
        let share = count == 0 ? 0 : min(max((place - Double(before)) / Double(count), 0), 1)
        return share == 1 ? piece.end : piece.start + (piece.end - piece.start) * share
    }
}
