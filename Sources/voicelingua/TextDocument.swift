import Text
import TextTranslation
import Transcript

/// A text with its translations as JSON, one line.
struct TextDocument: Encodable {
    struct Sentence: Encodable {
        let source: String
        let translation: String
        let score: Double
        let attempt: SentenceTranslation.Attempt
        let faults: [String]
    }

    struct Translation: Encodable {
        let language: Language
        let text: String
        let sentences: [Sentence]

        init(_ language: Language, text: String, _ sentences: [SentenceTranslation]) {
            self.language = language
            self.text = text
            self.sentences = sentences.map {
                Sentence(
                    source: $0.source, translation: $0.text, score: $0.score.overall, attempt: $0.attempt,
                    faults: $0.score.faults.map(\.description))
            }
        }
    }

    let file: String?
    let language: Language
    /// 1 where it was given.
    let languageConfidence: Double
    let encoding: String
    let translations: [Translation]

    enum CodingKeys: String, CodingKey {
        case file, language, encoding, translations
        case languageConfidence = "language_confidence"
    }

    /// It cannot fail: scores are numbers of 0…1.
    var json: String { jsonLine(self) }
}
