import Catalog
import Inference
import Marian
import Text
import Transcript

/// One direction with its model: sentences in, translations out, those that fail tried again by other ways.
package struct DirectionTranslator {
    private let model: MarianModel
    private let from: Language
    private let to: Language
    private let threads: ComputeThreads

    package init(model: MarianModel, direction: TranslationDirection, threads: ComputeThreads) {
        self.model = model
        from = direction.from
        to = direction.to
        self.threads = threads
    }

    /// - Throws: `MarianError.noMemory`; `TextError.tableMissing`.
    package func translate(_ sentences: [String]) throws -> [SentenceTranslation] {
        var translations = zip(sentences, try run(sentences)).map { translation($0, $1, .whole) }
        for attempt in SentenceTranslation.Attempt.allCases.dropFirst() {
            // Numbers may be spelled out, which is no fault; a way that keeps them is better all the same.
            let failed = translations.indices.filter {
                translations[$0].isSuspect || translations[$0].score.numbers < 1
            }
            guard !failed.isEmpty else { break }
            for (index, draft) in zip(failed, try drafts(attempt, failed.map { sentences[$0] })) {
                guard let draft else { continue }
                let other = translation(sentences[index], draft, attempt)
                if other.score.isBetter(than: translations[index].score) { translations[index] = other }
            }
        }
        return translations
    }

    /// What the model makes of a sentence, in the script of the language.
    private struct Draft {
        var text: String
        var isCutShort = false
    }

    private func translation(
        _ source: String, _ draft: Draft, _ attempt: SentenceTranslation.Attempt
    ) -> SentenceTranslation {
        SentenceTranslation(
            source: source, text: draft.text,
            score: SanityScore(
                source: source, translation: draft.text, from: from, to: to, isCutShort: draft.isCutShort),
            attempt: attempt)
    }

    /// A model of one Chinese writes a character of the other now and then.
    private func run(_ sentences: [String], shortlist: ShortlistUse = .perSentence) throws -> [Draft] {
        let script = to.isChinese ? try ChineseScript.loaded() : nil
        return try model.translate(sentences, shortlist: shortlist, threads: threads).map {
            Draft(text: script?.converted($0.text, to: to) ?? $0.text, isCutShort: $0.isCutShort)
        }
    }

    /// - Returns: nil for a sentence that this way has nothing to offer.
    private func drafts(_ attempt: SentenceTranslation.Attempt, _ sentences: [String]) throws -> [Draft?] {
        switch attempt {
        case .whole: try run(sentences)
        case .withoutShortlist: try run(sentences, shortlist: .none)
        case .aroundSpans: try inParts(sentences.map(OpaqueSpans.pieces))
        case .clauses: try inParts(sentences.map { SentenceWrap.clauses(of: $0).map { .language($0) } })
        }
    }

    /// Translates what is language among the parts of sentences, all of it together; nil where there is one part, which
    /// was tried as a whole.
    private func inParts(_ sentences: [[OpaqueSpans.Piece]]) throws -> [Draft?] {
        let sentences = sentences.map { $0.count > 1 ? $0 : [] }
        let sources = sentences.joined().compactMap { $0.isLanguage ? $0.text.withoutEdges : nil }
        var drafts = try run(sources)[...]
        return sentences.map { parts in
            var whole = Draft(text: "")
            for (index, part) in parts.enumerated() {
                if index > 0 { whole.text += gap(between: parts[index - 1], and: part) }
                if part.isLanguage {
                    let draft = drafts.removeFirst()
                    whole.text += draft.text
                    whole.isCutShort = whole.isCutShort || draft.isCutShort
                } else {
                    whole.text += part.text.withoutEdges
                }
            }
            return parts.isEmpty ? nil : whole
        }
    }

    /// The white space between two parts: none between words of a language without it, some where a language has come
    /// to have it.
    private func gap(between before: OpaqueSpans.Piece, and after: OpaqueSpans.Piece) -> String {
        let gap = before.text.edges.after + after.text.edges.before
        if to.hasNoSpaces { return before.isLanguage && after.isLanguage ? "" : String(gap) }
        return gap.isEmpty && from.hasNoSpaces ? " " : String(gap)
    }
}

extension OpaqueSpans.Piece {
    fileprivate var text: String {
        switch self {
        case .language(let text), .verbatim(let text): text
        }
    }

    /// Whether there is something to translate.
    fileprivate var isLanguage: Bool {
        guard case .language(let text) = self else { return false }
        return text.unicodeScalars.contains { $0.properties.isAlphabetic }
    }
}

extension SanityScore {
    /// Passing before failing, then the fewer faults, then the better measures.
    func isBetter(than other: SanityScore) -> Bool {
        (other.faults.count, overall) > (faults.count, other.overall)
    }
}

extension String {
    /// The white space around it.
    fileprivate var edges: (before: Substring, after: Substring) {
        let first = firstIndex { !$0.isWhitespace } ?? endIndex
        let last = lastIndex { !$0.isWhitespace }.map(index(after:)) ?? first
        return (self[..<first], self[last...])
    }

    fileprivate var withoutEdges: String {
        let (before, after) = edges
        return String(self[before.endIndex..<after.startIndex])
    }
}
