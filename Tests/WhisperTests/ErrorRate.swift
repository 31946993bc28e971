import Foundation

/// Errors of transcripts against references, summed over a corpus: words, or letters where a script has no spaces.
struct ErrorRate {
    private(set) var errors = 0
    private(set) var length = 0

    /// Errors a hundred units of the references.
    var percent: Double { 100 * Double(errors) / Double(max(1, length)) }

    mutating func add(_ text: String, reference: String, language: String) {
        let expected = ErrorRate.units(reference, language)
        errors += ErrorRate.distance(ErrorRate.units(text, language), expected)
        length += expected.count
    }

    /// Lower-case words without punctuation; letters for Chinese, Japanese and Korean.
    static func units(_ text: String, _ language: String) -> [String] {
        let folded = text.precomposedStringWithCompatibilityMapping.lowercased()
        let kept = folded.unicodeScalars.map { scalar -> Character in
            switch scalar.properties.generalCategory {
            case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
                .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
                " "
            default: Character(scalar)
            }
        }
        let words = String(kept).split(whereSeparator: \.isWhitespace).map(String.init)
        return ["zh", "ja", "ko"].contains(language) ? words.joined().map(String.init) : words
    }

    /// Fewest insertions, deletions and replacements.
    static func distance(_ found: [String], _ expected: [String]) -> Int {
        var row = Array(0...expected.count)
        for (index, unit) in found.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (place, other) in expected.enumerated() {
                let replaced = diagonal + (unit == other ? 0 : 1)
                diagonal = row[place + 1]
                row[place + 1] = min(replaced, diagonal + 1, row[place] + 1)
            }
        }
        return row[expected.count]
    }
}
