/// What was heard, in another language.
package struct RecordingTranslation: Sendable, Equatable {
    package struct Sentence: Sendable, Equatable {
        package var source: String
        package var text: String
        /// Seconds from the start of the recording.
        package var start: Double
        /// Seconds from the start of the recording.
        package var end: Double
        /// 0…1, how sane it looks beside its source.
        package var score: Double
        /// Why it may be wrong; empty where nothing speaks against it.
        package var faults: [String]

        package init(source: String, text: String, start: Double, end: Double, score: Double, faults: [String]) {
            self.source = source
            self.text = text
            self.start = start
            self.end = end
            self.score = score
            self.faults = faults
        }
    }

    package var language: Language
    package var sentences: [Sentence]

    package init(language: Language, sentences: [Sentence]) {
        self.language = language
        self.sentences = sentences
    }

    package var text: String {
        sentences.map(\.text).filter { !$0.isEmpty }.joined(separator: language.hasNoSpaces ? "" : " ")
    }

    package var subtitles: Subtitles {
        Subtitles(sentences.map { TimedSentence(text: $0.text, start: $0.start, end: $0.end) }, .of(language))
    }

    /// The whole file of it, a sentence a line or row. JSON it has none of: it is part of the recording's.
    package func file(_ format: TranscriptFormat) -> String {
        switch format {
        case .text, .json: sentences.map { line($0.text) + "\n" }.joined()
        case .srt: subtitles.srt
        case .vtt: subtitles.vtt
        case .tsv:
            "start\tend\ttext\n"
                + sentences.map { "\(milliseconds($0.start))\t\(milliseconds($0.end))\t\(line($0.text))\n" }.joined()
        }
    }
}

extension Recording {
    /// The same with its texts written otherwise, character for character.
    package func rewritten(_ write: (String) -> String) -> Recording {
        var copy = self
        for index in copy.segments.indices {
            let segment = copy.segments[index]
            copy.segments[index].text = write(segment.text)
            guard let words = segment.words else { continue }
            let texts = rewritten(words.map(\.text), write)
            for (number, text) in texts.enumerated() { copy.segments[index].words?[number].text = text }
            if words.map(\.text).joined() == segment.text { copy.segments[index].text = texts.joined() }
        }
        return copy
    }

    /// Words written together, as what stands beside a character decides how it is written; each by itself where that
    /// changes how many characters there are.
    private func rewritten(_ words: [String], _ write: (String) -> String) -> [String] {
        var rest = write(words.joined())[...]
        guard rest.count == words.reduce(0, { $0 + $1.count }) else { return words.map(write) }
        return words.map { word in
            let text = rest.prefix(word.count)
            rest = rest.dropFirst(word.count)
            return String(text)
        }
    }
}
