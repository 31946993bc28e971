/// A stretch of text with its time: a word, a segment, a cue, or a part of one.
package struct TimedText: Sendable, Equatable {
    /// As it was, white space and all.
    package var text: String
    /// Seconds from the start of the recording.
    package var start: Double
    /// Seconds from the start of the recording.
    package var end: Double
    /// Which segment or cue it is of, from 0.
    package var source: Int

    package init(text: String, start: Double, end: Double, source: Int = 0) {
        self.text = text
        self.start = start
        self.end = end
        self.source = source
    }

    /// The stretches between some places, each with as much of the time as it has of the visible characters.
    ///
    /// - Parameter places: bytes of UTF-8 from the start of the text, ascending, on borders of characters.
    func cut(at places: [Int]) -> [TimedText] {
        guard !places.isEmpty else { return [self] }
        let bytes = text.utf8
        let borders = ([0] + places + [bytes.count]).map { bytes.index(bytes.startIndex, offsetBy: $0) }
        let texts = zip(borders, borders.dropFirst()).map { String(text[$0..<$1]) }
        let counts = texts.map { text in text.count { !$0.isBlank } }
        let all = counts.reduce(0, +)
        var before = 0
        return zip(texts, counts).map { text, count in
            let from = time(before, of: all)
            before += count
            return TimedText(text: text, start: from, end: time(before, of: all), source: source)
        }
    }

    /// When so many of its visible characters are over; inside its time, however numbers are rounded.
    private func time(_ count: Int, of all: Int) -> Double {
        count == 0 ? start : count == all ? end : min(start + (end - start) * Double(count) / Double(all), end)
    }
}

extension Character {
    /// White space or a control character: nothing to see. A mark on a space is seen.
    var isBlank: Bool { unicodeScalars.allSatisfy(\.isBlank) }
}

extension Unicode.Scalar {
    var isBlank: Bool {
        if isASCII { return value <= 0x20 || value == 0x7F }
        return properties.isWhitespace || properties.generalCategory == .control
    }
}

extension StringProtocol {
    var isBlank: Bool { unicodeScalars.allSatisfy(\.isBlank) }
}
