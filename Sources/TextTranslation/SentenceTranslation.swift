import Text

/// A sentence beside its translation, and how sane that looks.
package struct SentenceTranslation: Sendable, Equatable, Codable {
    /// How the translation came about: each where the one before failed its sanity score.
    package enum Attempt: String, Sendable, CaseIterable, Codable {
        case whole
        /// All target tokens considered instead of the shortlist's.
        case withoutShortlist = "without_shortlist"
        /// In parts, around what has to stay verbatim.
        case aroundSpans = "around_spans"
        /// Clause by clause.
        case clauses
    }

    package var source: String
    package var text: String
    package var score: SanityScore
    package var attempt: Attempt

    /// Whether nothing that was tried passes: to be looked at.
    package var isSuspect: Bool { !score.passes }
}

extension SentenceTranslation {
    /// One of several parts, or of none that is language; it is as good as the worst of them.
    init(source: String, parts: TextTranslation) {
        let worst = parts.sentences.max { $0.score.isBetter(than: $1.score) }
        self.init(
            source: source, text: parts.text, score: worst?.score ?? .untouched, attempt: worst?.attempt ?? .whole)
    }
}

/// A text in another language, its lines and paragraphs kept.
package struct TextTranslation: Sendable, Equatable {
    package var text: String
    /// Its sentences in order; what is no language is in none.
    package var sentences: [SentenceTranslation]

    package init(text: String, sentences: [SentenceTranslation]) {
        self.text = text
        self.sentences = sentences
    }

    package var suspectCount: Int { sentences.count(where: \.isSuspect) }
}
