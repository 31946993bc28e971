/// Which text of a task a translation is of.
package enum TextSource: String, Sendable, CaseIterable, Codable {
    /// What was heard.
    case audio = "AUDIO"
    /// What was written: the reference of a recording, or the text of a text task.
    case text = "TEXT"
}

/// A text of a task in one language, the language it is in at first among them.
package struct TranslatedText: Sendable, Equatable, Codable {
    package struct Sentence: Sendable, Equatable, Codable {
        package var source: String
        package var text: String
        /// Seconds from the start of the recording; nil for what was written.
        package var start: Double?
        /// Seconds from the start of the recording; nil for what was written.
        package var end: Double?
        /// 0…1, how sane it looks beside its source.
        package var score: Double
        /// Why it may be wrong; empty where nothing speaks against it.
        package var faults: [String]

        package init(
            source: String, text: String, start: Double? = nil, end: Double? = nil, score: Double, faults: [String]
        ) {
            self.source = source
            self.text = text
            self.start = start
            self.end = end
            self.score = score
            self.faults = faults
        }
    }

    package var language: Language
    package var source: TextSource
    /// The whole text, lines and paragraphs kept.
    package var text: String
    package var sentences: [Sentence]

    package init(language: Language, source: TextSource, text: String, sentences: [Sentence]) {
        self.language = language
        self.source = source
        self.text = text
        self.sentences = sentences
    }
}
