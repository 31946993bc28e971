import Text
import TextTranslation
import Transcript

/// A text or a subtitle file on its way into other languages.
enum TranslationSource {
    case text(String)
    case subtitles(SubtitleFile)

    /// - Throws: `SubtitleError`.
    init(_ text: String, isSubtitles: Bool) throws {
        self = if isSubtitles { .subtitles(try SubtitleFile(text)) } else { .text(text) }
    }

    /// What its language is found by.
    var plain: String {
        switch self {
        case .text(let text): text
        case .subtitles(let file): file.cues.flatMap(\.lines).joined(separator: "\n")
        }
    }

    var lostTagCount: Int { if case .subtitles(let file) = self { file.lostTagCount } else { 0 } }

    /// In the order of the targets.
    func translated(
        by translator: TextTranslator, from: Language, to targets: [Language]
    ) throws -> [TextTranslation] {
        switch self {
        case .text(let text):
            let translated = try translator.translate([text], from: from, to: targets)
            return targets.flatMap { translated[$0] ?? [] }
        case .subtitles(let file):
            let sentences = file.sentences { SentenceBreaks.of(from).ranges(of: $0) }
            let translated = try translator.translate(sentences: sentences.map(\.text), from: from, to: targets)
            return targets.map { target in
                let own = translated[target] ?? []
                return TextTranslation(
                    text: file.replacing(sentences, with: own.map(\.text), in: target).text, sentences: own)
            }
        }
    }
}
