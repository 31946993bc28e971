import Text
import Transcript

extension Recording {
    /// What was said, sentence by sentence, by the rules of the language it is written in.
    package func sentences(in language: Language) -> [TimedSentence] {
        sentences { SentenceBreaks.of(language).ranges(of: $0) }
    }

    /// The same in the script of a language, where it is Chinese and the script is another one.
    ///
    /// - Throws: `TextError.tableMissing`.
    package func written(in language: Language) throws(TextError) -> Recording {
        guard language.isChinese, self.language == Language.chinese.rawValue else { return self }
        let conversion = try ChineseScript.loaded()
        var copy = rewritten { conversion.converted($0, to: language) }
        copy.language = language.rawValue
        return copy
    }
}

extension RecordingTranslation {
    /// Sentences beside their translations, which stand in the same order.
    package init(language: Language, _ sentences: [TimedSentence], _ translations: [SentenceTranslation]) {
        self.init(
            language: language,
            sentences: zip(sentences, translations).map { sentence, translation in
                Sentence(
                    source: sentence.text, text: translation.text, start: sentence.start, end: sentence.end,
                    score: translation.score.overall, faults: translation.score.faults.map(\.description))
            })
    }
}

extension TranslatedText {
    /// What was heard, in another language or its own.
    package init(_ translation: RecordingTranslation) {
        self.init(
            language: translation.language, source: .audio, text: translation.text,
            sentences: translation.sentences.map {
                Sentence(
                    source: $0.source, text: $0.text, start: $0.start, end: $0.end, score: $0.score, faults: $0.faults)
            })
    }

    /// What was written, in another language.
    package init(language: Language, _ translation: TextTranslation) {
        self.init(
            language: language, source: .text, text: translation.text,
            sentences: translation.sentences.map {
                Sentence(
                    source: $0.source, text: $0.text, score: $0.score.overall,
                    faults: $0.score.faults.map(\.description))
            })
    }

    /// What was written, in the language it was written in.
    package init(untranslated text: String, language: Language) {
        self.init(
            language: language, source: .text, text: text,
            sentences: TextLayout(text, language: language).sentences.map {
                Sentence(source: $0, text: $0, score: 1, faults: [])
            })
    }

    /// What was heard, in the language it was said in.
    package init(untranslated recording: Recording, language: Language) {
        self.init(
            language: language, source: .audio, text: recording.text,
            sentences: recording.sentences(in: language).map {
                Sentence(source: $0.text, text: $0.text, start: $0.start, end: $0.end, score: 1, faults: [])
            })
    }
}
