/// What turns raw word times into times people accept: no word drawn out over a pause, punctuation with its word,
/// segments that begin and end with their words.
///
/// - Source: openai/whisper `timing.py`.
package struct WordClean {
    private static let sentenceEnds: Set<Character> = [".", "。", "!", "！", "?", "？"]
    private static let openers: Set<Character> = ["\"", "'", "“", "¿", "(", "[", "{", "-"]
    private static let closers: Set<Character> = [
        "\"", "'", ".", "。", ",", "，", "!", "！", "?", "？", ":", "：", "”", ")", "]", "}", "、",
    ]
    /// Longest a usual word is taken to last, seconds.
    static let medianMax = 0.7

    package let medianSeconds: Double
    /// Words longer than this are drawn out over a pause.
    var wordSecondsMax: Double { 2 * medianSeconds }

    package init(_ words: [TimedWord]) {
        let lengths = words.map { $0.end - $0.start }.filter { $0 > 0 }.sorted()
        let middle = lengths.count / 2
        let median =
            lengths.isEmpty ? 0 : lengths.count % 2 == 1 ? lengths[middle] : (lengths[middle - 1] + lengths[middle]) / 2
        medianSeconds = min(WordClean.medianMax, median)
    }

    /// Shortens words that swallowed the pause around a sentence's end, then joins punctuation to words.
    package func tidy(_ words: [TimedWord]) -> [TimedWord] {
        var words = words
        for index in words.indices.dropFirst() where words[index].end - words[index].start > wordSecondsMax {
            if WordClean.endsSentence(words[index]) {
                words[index].end = words[index].start + wordSecondsMax
            } else if WordClean.endsSentence(words[index - 1]) {
                words[index].start = words[index].end - wordSecondsMax
            }
        }
        return WordClean.joinClosers(WordClean.joinOpeners(words))
    }

    /// Fits the words of one segment and its edges to each other.
    ///
    /// - Parameter spokenUntil: where the former segment ended.
    package func fit(_ words: inout [TimedWord], start: inout Double, end: inout Double, spokenUntil: Double) {
        guard let last = words.indices.last else { return }
        let isAfterPause = words[0].end - spokenUntil > 4 * medianSeconds
        let isLong = words[0].end - words[0].start > wordSecondsMax
        let areLong = last > 0 && words[1].end - words[0].start > 2 * wordSecondsMax
        if isAfterPause, isLong || areLong {
            if last > 0, words[1].end - words[1].start > wordSecondsMax {
                let border = max(words[1].end / 2, words[1].end - wordSecondsMax)
                words[0].end = border
                words[1].start = border
            }
            words[0].start = max(0, words[0].end - wordSecondsMax)
        }
        if start < words[0].end, start - 0.5 > words[0].start {
            words[0].start = max(0, min(words[0].end - medianSeconds, start))
        }
        start = words[0].start
        if end > words[last].start, end + 0.5 < words[last].end {
            words[last].end = max(words[last].start + medianSeconds, end)
        }
        end = words[last].end
    }

    private static func endsSentence(_ word: TimedWord) -> Bool {
        word.text.count == 1 && sentenceEnds.contains(word.text.first!)
    }

    /// Opening marks that stand alone behind a space go to the word after them, and so does a space alone.
    private static func joinOpeners(_ words: [TimedWord]) -> [TimedWord] {
        var joined: [TimedWord] = []
        for word in words.reversed() {
            let bare = word.text.dropFirst()
            let opens = bare.isEmpty || bare.count == 1 && openers.contains(bare.first!)
            if word.text.hasPrefix(" "), opens, let next = joined.last {
                joined[joined.count - 1].text = word.text + next.text
                joined[joined.count - 1].tokens = word.tokens + next.tokens
            } else {
                joined.append(word)
            }
        }
        return joined.reversed()
    }

    /// Closing marks go to the word before them, unless that ends with a space.
    private static func joinClosers(_ words: [TimedWord]) -> [TimedWord] {
        var joined: [TimedWord] = []
        for word in words {
            if word.text.count == 1, closers.contains(word.text.first!), let last = joined.last,
                !last.text.hasSuffix(" ")
            {
                joined[joined.count - 1].text += word.text
                joined[joined.count - 1].tokens += word.tokens
            } else {
                joined.append(word)
            }
        }
        return joined
    }
}
