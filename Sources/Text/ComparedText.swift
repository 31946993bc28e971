import Foundation
import Transcript

/// A text as it is compared: compatible forms made one, lower case, without punctuation and symbols, single spaces;
/// Chinese in simplified characters.
package struct ComparedText: Sendable, Equatable {
    /// Of a text before anything is done to it, counted in scalars: some 60 hours of speech.
    package static let charactersMax = 2_000_000
    /// What the alignment is made of; time grows with the square, six seconds here.
    package static let unitsMax = 250_000

    /// Words with one space between; none in languages that write none.
    package let text: String

    /// - Parameter language: a code, such as `en` or `zh-tw`.
    /// - Throws: `AccuracyError.tooManyCharacters`; `TextError.tableMissing` for Chinese.
    package init(_ text: String, language: String) throws {
        let count = text.unicodeScalars.count
        guard count <= ComparedText.charactersMax else {
            throw AccuracyError.tooManyCharacters(count: count, countMax: ComparedText.charactersMax)
        }
        var folded = text.precomposedStringWithCompatibilityMapping.lowercased()
        if ComparedText.isChinese(language) { folded = try ChineseScript.loaded().converted(folded, to: .chinese) }
        var kept = String.UnicodeScalarView()
        var isBetweenWords = false
        for scalar in folded.unicodeScalars {
            guard !scalar.isPassedOver else {
                isBetweenWords = true
                continue
            }
            if isBetweenWords, !kept.isEmpty, ComparedText.hasSpaces(language) { kept.append(" ") }
            isBetweenWords = false
            kept.append(scalar)
        }
        self.text = String(kept)
    }

    /// Whether anything of a text is left to be compared, in any language.
    package static func hasAny(in text: String) -> Bool {
        let isKept = { (scalar: Unicode.Scalar) in !scalar.isPassedOver }
        // Of symbols some become letters, and only a text without anything else is turned over for them.
        return text.unicodeScalars.contains(where: isKept)
            || text.precomposedStringWithCompatibilityMapping.unicodeScalars.contains(where: isKept)
    }

    package var words: [Substring] { text.split(separator: " ") }
    package var characters: [Unicode.Scalar] { Array(text.unicodeScalars) }

    /// What errors are counted in: characters where words stand without spaces, and in Korean, whose words are
    /// written together or apart as the writer likes.
    package static func unit(of language: String) -> AccuracyReport.Unit {
        hasSpaces(language) && language != Language.korean.rawValue ? .word : .character
    }

    /// Languages that Whisper writes without spaces.
    private static let spaceless: Set = ["zh", "zh-tw", "yue", "ja", "th", "lo", "my", "km"]

    private static func hasSpaces(_ language: String) -> Bool { !spaceless.contains(language) }
    private static func isChinese(_ language: String) -> Bool { ["zh", "zh-tw", "yue"].contains(language) }
}

extension Unicode.Scalar {
    /// What no word is made of: white space, controls, punctuation and symbols.
    fileprivate var isPassedOver: Bool {
        switch properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol, .control,
            .format, .spaceSeparator, .lineSeparator, .paragraphSeparator:
            true
        default: false
        }
    }
}
