import Transcript

/// Sentences as far as the tests need them: they end behind one of `.!?。！？` and the spaces that follow.
func borders(_ text: String) -> [Range<String.Index>] {
    var ranges: [Range<String.Index>] = []
    var start = text.startIndex
    var isOver = false
    for index in text.indices {
        let isEnd = ".!?。！？".contains(text[index])
        if isOver, !isEnd, !text[index].isWhitespace {
            ranges.append(start..<index)
            (start, isOver) = (index, false)
        }
        if isEnd { isOver = true }
    }
    return start < text.endIndex ? ranges + [start..<text.endIndex] : ranges
}

/// All that can be seen of a text.
func visible(_ text: some StringProtocol) -> String {
    var seen = String.UnicodeScalarView()
    seen.append(
        contentsOf: text.unicodeScalars.filter {
            !$0.properties.isWhitespace && $0.properties.generalCategory != .control
        })
    return String(seen)
}

/// Words one after the other, each of the given length, without a pause.
func words(_ text: String, from start: Double = 0, each seconds: Double) -> [Word] {
    text.split(separator: " ").enumerated().map { index, word in
        Word(
            text: " " + word, start: start + Double(index) * seconds, end: start + Double(index + 1) * seconds,
            probability: 1)
    }
}
